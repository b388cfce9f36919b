import { setKey } from '../../protocol/codec/combinators.ts';
import { shortened } from '../../protocol/error/shortened.ts';
import { commaList, flag, int } from '../../protocol/rest/parameter-types.ts';
import { illegalArgument } from '../../protocol/rest/refusals.ts';

/** Rules for a text among the parameters of a query. */
export interface TextRules<Text extends string> {
  /** The texts that are allowed. @default any text */
  readonly oneOf?: readonly Text[];
}

/** Rules for a number among the parameters of a query. */
export interface IntRules {
  /** @default -2147483648 */
  readonly min?: number;
  /** @default 2147483647 */
  readonly max?: number;
}

/**
 * The parameters of a query, decoded. A repeated one has its last value, one without a value is `''`. A parameter with the name of a path parameter is
 * missing: the node drops it.
 *
 * With `strictParams`, each parameter that is read here counts as known, and the node answers 400 for the others.
 *
 * @example query.int('size', { default: 10, min: 1, max: 100 })
 */
export class QueryParams {
  readonly #received: Readonly<Record<string, string>>;
  readonly #isHidden: (name: string) => boolean;
  readonly #read = new Set<string>();
  #areAllRead = false;

  /**
   * @param received parameters of path and query, as the node sends them
   * @param isHidden tells the parameters of the path
   */
  constructor(received: Readonly<Record<string, string>>, isHidden: (name: string) => boolean = () => false) {
    this.#received = received;
    this.#isHidden = isHidden;
  }

  /** Returns whether the query has a parameter, with a value or without. */
  has(name: string): boolean {
    return this.#value(name) !== undefined;
  }

  /**
   * Returns a parameter as text, or the default if the query does not have it.
   *
   * @throws StatusError 400 for a text that is not in `oneOf`
   */
  text<const Text extends string = string>(name: string, rules: TextRules<Text> & { readonly default: NoInfer<Text> }): Text;
  text<const Text extends string = string>(name: string, rules?: TextRules<Text>): Text | undefined;
  text<const Text extends string>(name: string, rules: TextRules<Text> & { readonly default?: Text } = {}): Text | undefined {
    const value = this.#value(name) as Text | undefined;
    if (value === undefined) return rules.default;
    const { oneOf } = rules;
    if (oneOf === undefined || oneOf.includes(value)) return value;
    throw illegalArgument(`parameter [${name}] must be one of [${oneOf.join(', ')}], got [${shortened(value)}]`);
  }

  /**
   * Returns a parameter as a boolean: `true`, `false`, or the name alone, which is true.
   *
   * @throws StatusError 400 for another text, in OpenSearch's words
   */
  flag(name: string, rules: { /** @default false */ readonly default?: boolean } = {}): boolean {
    const value = this.#value(name);
    return value === undefined ? (rules.default ?? false) : flag.read(value, name);
  }

  /**
   * Returns a parameter as a 32-bit integer, or the default if the query does not have it.
   *
   * @throws StatusError 400 for another text, in OpenSearch's words, and for a number outside the limits
   */
  int(name: string, rules: IntRules & { readonly default: number }): number;
  int(name: string, rules?: IntRules): number | undefined;
  int(name: string, rules: IntRules & { readonly default?: number } = {}): number | undefined {
    const text = this.#value(name);
    if (text === undefined) return rules.default;
    const value = int.read(text, name);
    const { min = -(2 ** 31), max = 2 ** 31 - 1 } = rules;
    if (value >= min && value <= max) return value;
    throw illegalArgument(`parameter [${name}] must be an integer from ${min} to ${max}, got [${value}]`);
  }

  /** Returns the texts between the commas of a parameter, without empty ones; an empty array if the query does not have it. */
  list(name: string): string[] {
    return commaList.read(this.#value(name) ?? '', name);
  }

  /** Returns every parameter as an object without a prototype. All of them count as read. */
  all(): Readonly<Record<string, string>> {
    this.#areAllRead = true;
    const out = Object.create(null) as Record<string, string>;
    for (const [name, value] of Object.entries(this.#received)) if (!this.#isHidden(name)) setKey(out, name, value);
    return out;
  }

  /** Returns {@link all}, so that a handler can answer with its query. */
  toJSON(): Readonly<Record<string, string>> {
    return this.all();
  }

  /** Returns whether a parameter counts as known to the handler: one of the path, or one that it has read. */
  isConsumed(name: string): boolean {
    return this.#areAllRead || this.#read.has(name) || this.#isHidden(name);
  }

  #value(name: string): string | undefined {
    if (this.#isHidden(name) || !Object.hasOwn(this.#received, name)) return undefined;
    this.#read.add(name);
    return this.#received[name];
  }
}
