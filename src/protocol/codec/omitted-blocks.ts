import { StreamOutput } from '../wire/stream-output.ts';
import type { Codec } from './codec.ts';

/** Pairs of versions whose blocks are kept: a process speaks one or two. */
const MAX_VERSIONS = 8;

type Blocks = (Uint8Array | null)[];

/**
 * What stands in the stream for fields that are left out side by side. Most requests leave out most of their fields: encoding each default, over and
 * over, would cost more than what was given. Their bytes depend on the definition and the versions alone, and are made at first use.
 */
export class OmittedBlocks {
  readonly #codecs: readonly Codec<unknown, unknown>[];
  readonly #byVersions = new Map<string, Blocks>();
  #version = 0;
  #peerVersion = 0;
  #blocks: Blocks = [];

  constructor(codecs: readonly Codec<unknown, unknown>[]) {
    this.#codecs = codecs;
  }

  /**
   * The bytes of the fields from `first` to before `end`, all left out.
   *
   * @param slot number of this range among those of the struct
   * @returns null when one of them cannot be left out: writing it says why
   */
  // hot: action/encode
  of(output: StreamOutput, slot: number, first: number, end: number): Uint8Array | null {
    if (output.version !== this.#version || output.peerVersion !== this.#peerVersion) this.#turnTo(output);
    const block = this.#blocks[slot];
    return block === undefined ? this.#encode(slot, first, end) : block;
  }

  #turnTo({ version, peerVersion }: StreamOutput): void {
    const key = `${version}/${peerVersion}`;
    let blocks = this.#byVersions.get(key);
    if (blocks === undefined) {
      blocks = [];
      if (this.#byVersions.size === MAX_VERSIONS) this.#byVersions.clear();
      this.#byVersions.set(key, blocks);
    }
    this.#version = version;
    this.#peerVersion = peerVersion;
    this.#blocks = blocks;
  }

  #encode(slot: number, first: number, end: number): Uint8Array | null {
    const output = new StreamOutput({ version: this.#version, peerVersion: this.#peerVersion, size: 64 });
    let block: Uint8Array | null;
    try {
      for (const codec of this.#codecs.slice(first, end)) codec.write(output, undefined);
      block = Uint8Array.from(output.toBuffer());
    } catch {
      block = null;
    }
    this.#blocks[slot] = block;
    return block;
  }
}
