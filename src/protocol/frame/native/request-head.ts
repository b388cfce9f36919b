import type { StreamOutput } from '../../wire/stream-output.ts';
import { beginFrame, endHead, frameHead } from './encoder.ts';
import { FIXED_HEADER_BYTES } from './fixed-header.ts';
import { HeaderNames } from './header-names.ts';
import { type RequestHeaders, writeRequestHeaders } from './variable-header.ts';

/**
 * The head of an action's requests, as far as it does not change from one to the next: written once, then copied.
 *
 * @see performance.md L7
 */
export class RequestHead {
  /** The whole head of a request without headers of its own. */
  readonly #head: Buffer;
  /** The part behind the request headers. */
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
    // Copied, however long it is: heads are patched in place.
    const at = output.reserve(this.#rest.length);
    output.buffer.set(this.#rest, at);
    endHead(output);
  }
}

/** Upper bound of heads remembered; beyond it all are dropped. A catalogue has a few hundred. */
const MAX_HEADS = 1024;

/** An action as far as its request heads are concerned. */
interface Named {
  readonly name: string;
}

/** The heads of requests by name of the action, each made once. Belongs to one endpoint, shared by its channels. */
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
