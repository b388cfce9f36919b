import type { HostNode } from '../node/host-node.ts';
import type { InitializeTarget } from './initialize-options.ts';
import { isSameNode, type NodeIdentity } from './node-identity.ts';

/** A node that was asked to initialise the extension. */
interface Asked {
  readonly url: string;
  readonly uniqueId: string;
  /** Null if a supervisor asked it. */
  readonly identity: NodeIdentity | null;
}

/** The REST URLs at which nodes were asked to initialise the extension. */
export class AskedUrls {
  /** By URL and unique id: as many as the author of the extension names. */
  readonly #asked = new Map<string, Asked>();

  /** @param identity who is at the URL; null if a supervisor asks, which does not say it */
  add({ url, options: { uniqueId } }: InitializeTarget, identity: NodeIdentity | null): void {
    this.#asked.set(`${url} ${uniqueId}`, { url, uniqueId, identity });
  }

  /** Returns the URL of a node, or null if it is not known. A node without identity is known if it is the only one that was asked. */
  of(node: HostNode): string | null {
    const mine = Array.from(this.#asked.values()).filter(({ uniqueId }) => uniqueId === node.uniqueId);
    const same = mine.find(({ identity }) => identity !== null && isSameNode(identity, node));
    if (same !== undefined) return same.url;
    const [only] = mine;
    return mine.length === 1 && only?.identity === null ? only.url : null;
  }
}
