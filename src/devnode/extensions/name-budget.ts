import { StatusError } from '../../protocol/error/status-error.ts';

/** Upper bound on the names of one kind that all extensions of a node can take, and on their characters together. */
const MAX_NAMES = 100_000;
const MAX_CHARS = 32 * 1024 * 1024;

/** What the extensions of a node may make it remember for its life: so many names of a kind. */
export class NameBudget {
  readonly #kind: string;
  #names = 0;
  #chars = 0;

  /** @param kind what refusals name, for example `routes` */
  constructor(kind: string) {
    this.#kind = kind;
  }

  /** Charges names. @throws StatusError 429 for too many; none is charged then */
  charge(names: readonly string[]): void {
    const chars = this.#chars + names.reduce((sum, name) => sum + name.length, 0);
    if (this.#names + names.length > MAX_NAMES || chars > MAX_CHARS) {
      const reason = `the extensions of a node can take at most ${MAX_NAMES} names of ${this.#kind} with ${MAX_CHARS} characters; restart the node to free them`;
      throw new StatusError(429, 'too_many_names_exception', reason);
    }
    this.#names += names.length;
    this.#chars = chars;
  }
}
