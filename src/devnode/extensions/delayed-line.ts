import { waitUntil } from '../../transport/util/deadline-wheel.ts';

/** What disturbs the connections between a node and its extensions. What is left out does not. */
export interface LinkFaults {
  /** Loses everything in both directions; connections stay open: a host that has fallen silent. @default false */
  readonly drop?: boolean;
  /** Holds everything back for so many milliseconds, in each direction. @default 0 */
  readonly delayMs?: number;
  /** Lets at most so many bytes per second through, on each connection and in each direction. @default Infinity */
  readonly bytesPerSecond?: number;
}

interface Piece {
  bytes: Uint8Array;
  /** Whom to tell that the bytes may be reused. */
  readonly onGone: (() => void) | undefined;
  /** Time from which it may be delivered, in milliseconds of `performance.now`. */
  readonly dueAt: number;
}

/** Takes bytes whose time has come, and returns how many; it calls `onGone` once they may be reused. */
type Deliver = (bytes: Uint8Array, onGone: (() => void) | undefined) => number;

/** Bytes of one direction of a link, on their way. Their order stays the same. */
export class DelayedLine {
  readonly #faults: () => LinkFaults;
  readonly #deliver: Deliver;
  readonly #onEmpty: () => void;
  #pieces: Piece[] = [];
  #bytes = 0;
  /** Time at which the last piece is through, in milliseconds of `performance.now`. */
  #freeAt = 0;
  #stop: (() => void) | null = null;
  #isHeld = false;

  /**
   * @param faults as they are at the moment
   * @param deliver what it does not take waits for {@link release}
   * @param onEmpty called whenever the last piece has been delivered
   */
  constructor(faults: () => LinkFaults, deliver: Deliver, onEmpty: () => void) {
    this.#faults = faults;
    this.#deliver = deliver;
    this.#onEmpty = onEmpty;
  }

  /** Bytes that are on their way. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes a piece; it is delivered within this call if nothing holds it back. @memory given until `onGone` */
  push(bytes: Uint8Array, onGone?: () => void): void {
    const { drop = false, delayMs = 0, bytesPerSecond = Number.POSITIVE_INFINITY } = this.#faults();
    if (drop) {
      onGone?.();
      return;
    }
    const dueAt = Math.max(performance.now() + delayMs, this.#freeAt) + (bytes.length / bytesPerSecond) * 1000;
    this.#freeAt = delayMs === 0 && bytesPerSecond === Number.POSITIVE_INFINITY ? this.#freeAt : dueAt;
    this.#pieces.push({ bytes, onGone, dueAt });
    this.#bytes += bytes.length;
    this.#run();
  }

  /** Holds everything until {@link release}. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.#run();
  }

  /** Gives up what is on its way. */
  clear(): void {
    this.#stop?.();
    this.#stop = null;
    const given = this.#pieces;
    this.#pieces = [];
    this.#bytes = 0;
    for (const { onGone } of given) onGone?.();
  }

  #run(): void {
    if (this.#stop !== null) return;
    for (let piece = this.#pieces[0]; piece !== undefined && !this.#isHeld; piece = this.#pieces[0]) {
      const waitMs = piece.dueAt - performance.now();
      if (waitMs > 0) {
        this.#stop = waitUntil(waitMs, () => {
          this.#stop = null;
          this.#run();
        });
        return;
      }
      if (!this.#handOver(piece)) return;
    }
    if (this.#pieces.length === 0) this.#onEmpty();
  }

  /** Returns whether all of a piece was taken. The receiver may clear the line meanwhile. */
  #handOver(piece: Piece): boolean {
    const count = this.#deliver(piece.bytes, piece.onGone);
    if (this.#pieces[0] !== piece) return true;
    this.#bytes -= count;
    piece.bytes = piece.bytes.subarray(count);
    if (piece.bytes.length > 0) return false;
    this.#pieces.shift();
    return true;
  }
}
