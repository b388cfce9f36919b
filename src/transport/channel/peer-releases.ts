import { V_EMPTY, type VersionId } from '../../protocol/wire/version.ts';

/**
 * The releases that peers told in handshakes, by host, for as long as their channels are open. A node opens thirteen connections and shakes hands on
 * the first of them only; nothing on the wire groups them, so the channels of one host speak for each other when they agree.
 *
 * @see wire-format.md §6.7
 */
export class PeerReleases {
  /** One entry for each open channel that shook hands. */
  readonly #hosts = new Map<string, VersionId[]>();

  /** Changes so far: while it stays the same, so do the answers of {@link of}. */
  changeCount = 0;

  /** Adds the release told on a channel. */
  add(host: string, release: VersionId): void {
    this.changeCount++;
    const told = this.#hosts.get(host);
    if (told === undefined) this.#hosts.set(host, [release]);
    else told.push(release);
  }

  /** Removes the release told on a channel that is over. */
  remove(host: string, release: VersionId): void {
    this.changeCount++;
    const told = this.#hosts.get(host) ?? [];
    const at = told.indexOf(release);
    if (at >= 0) told.splice(at, 1);
    if (told.length === 0) this.#hosts.delete(host);
  }

  /** Returns the release that every channel of the host told; 0 when none did, or they differ. */
  of(host: string): VersionId {
    const told = this.#hosts.get(host);
    const [first = V_EMPTY] = told ?? [];
    return told?.every((release) => release === first) === true ? first : V_EMPTY;
  }
}
