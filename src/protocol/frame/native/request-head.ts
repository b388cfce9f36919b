import { StreamOutput } from '../../wire/stream-output.ts';
import { beginFrame } from './encoder.ts';
import { FIXED_HEADER_BYTES } from './fixed-header.ts';
import type { HeaderNames } from './header-names.ts';
import { type RequestHeaders, writeRequestHeaders, writeVariableHeader } from './variable-header.ts';

/**
 * The head of an action's requests: what does not change from one to the next is written once.
 *
 * @see performance.md L7
 */
export class RequestHead {
  /** The whole variable header of a request without headers of its own. */
  readonly #block: Buffer;
  /** What stands behind the request headers. */
  readonly #rest: Buffer;
  readonly #names: HeaderNames;

  /** @param names shared by the actions of an endpoint */
  constructor(action: string, names: HeaderNames) {
    const output = new StreamOutput();
    writeVariableHeader(output, { action });
    const block = output.toBuffer();
    this.#block = block;
    this.#rest = block.subarray(1);
    this.#names = names;
  }

  /**
   * Makes room for a fixed header and writes a variable header behind it; the body follows, then `endFrame`.
   *
   * @param headers request headers of the thread context, or null for none
   * @returns bytes of the variable header
   */
  // hot: frame/encode
  begin(output: StreamOutput, headers: RequestHeaders | null): number {
    if (headers === null) {
      beginFrame(output, this.#block);
      return this.#block.length;
    }
    output.reserve(FIXED_HEADER_BYTES);
    writeRequestHeaders(output, headers, this.#names);
    output.writeBytes(this.#rest);
    return output.size - FIXED_HEADER_BYTES;
  }
}
