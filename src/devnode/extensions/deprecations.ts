import { RestAnswer } from '../rest/rest-answer.ts';
import type { RestHandler } from '../rest/rest-handler.ts';

/** Upper bound on the values of `X-Opaque-Id` that are remembered. @see `DeprecatedMessage` of OpenSearch */
const MAX_REMEMBERED = 16_384;

/**
 * The deprecation log of a node. It speaks of deprecated routes once for each `X-Opaque-Id`, and once for all requests without one.
 *
 * @see `DeprecationRestHandler` and `HeaderWarning` of OpenSearch
 */
export class Deprecations {
  readonly #product: string;
  readonly #seen = new Set<string>();

  /** @param product what warnings name, for example `OpenSearch-3.9.0-<hash of the build>` */
  constructor(product: string) {
    this.#product = product;
  }

  /** Returns the handler of a deprecated route: the first answers have a header `Warning`. @param onUsed told when they do */
  wrap(handler: RestHandler, message: string, onUsed: () => void): RestHandler {
    return async (request) => {
      const isFirst = this.#isFirst(request.header('X-Opaque-Id')[0] ?? '');
      if (isFirst) onUsed();
      const step = await handler(request);
      return isFirst && step instanceof RestAnswer ? this.#warned(step, message) : step;
    };
  }

  #isFirst(opaqueId: string): boolean {
    if (this.#seen.has(opaqueId) || this.#seen.size >= MAX_REMEMBERED) return false;
    this.#seen.add(opaqueId);
    return true;
  }

  #warned(answer: RestAnswer, message: string): RestAnswer {
    const quoted = message.replaceAll(/["\\]/g, '\\$&');
    return answer.withHeaders({ Warning: `299 ${this.#product} "${quoted}"` });
  }
}
