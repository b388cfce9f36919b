import type { StreamOutput } from '../../wire/stream-output.ts';
import { beginFrame, endHead, frameHead } from './encoder.ts';
import { FIXED_HEADER_BYTES } from './fixed-header.ts';
import { HeaderNames } from './header-names.ts';
import { type RequestHeaders, writeRequestHeaders } from './variable-header.ts';

/**
 * The head of an action's requests: what does not change from one to the next is written once.
 *
 * @see performance.md L7
 */
export class RequestHead {
  /** The whole head of a request without headers of its own. */
  readonly #head: Buffer;
  /** What stands behind the request headers. */
  readonly #rest: Buffer;
  readonly #names: HeaderNames;

  /** @param names shared by the actions of an endpoint */
  constructor(action: string, names: HeaderNames) {
    this.#head = frameHead({ action });
    this.#rest = this.#head.subarray(FIXED_HEADER_BYTES + 1);
    this.#names = names;
  }

  /** Begins a request; its body follows, then `endFrame`. @param headers request headers of the thread context, or null for none */
  // hot: frame/encode
  begin(output: StreamOutput, headers: RequestHeaders | null): void {
    if (headers === null) beginFrame(output, this.#head);
    else this.#beginWith(output, headers);
  }

  #beginWith(output: StreamOutput, headers: RequestHeaders): void {
    output.reserve(FIXED_HEADER_BYTES);
    writeRequestHeaders(output, headers, this.#names);
    // Never by reference, however long: heads are patched and kept in place.
    const at = output.reserve(this.#rest.length);
    output.buffer.set(this.#rest, at);
    endHead(output);
  }
}

/** Names of actions whose head is remembered; beyond them it begins anew. A catalogue has a few hundred. */
const MAX_HEADS = 1024;

/** An action as far as its request heads are concerned. */
interface Named {
  readonly name: string;
}

/** Heads of requests by name of the action, made once. */
export class RequestHeads {
  readonly #heads = new Map<string, RequestHead>();
  readonly #names = new HeaderNames();
  /** The action asked for last, and its head: calls repeat. */
  #last: Named | null = null;
  #lastHead: RequestHead = new RequestHead('', this.#names);

  // hot: call
  get(action: Named): RequestHead {
    return action === this.#last ? this.#lastHead : this.#headOf(action);
  }

  #headOf(action: Named): RequestHead {
    const { name } = action;
    let head = this.#heads.get(name);
    if (head === undefined) {
      head = new RequestHead(name, this.#names);
      if (this.#heads.size >= MAX_HEADS) this.#heads.clear();
      this.#heads.set(name, head);
    }
    this.#last = action;
    this.#lastHead = head;
    return head;
  }
}
