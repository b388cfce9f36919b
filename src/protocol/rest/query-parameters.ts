import { parseTime } from '../action/shared/time-text.ts';
import type { TimeValue } from '../codec/time-value.ts';
import { parseLong } from './long-text.ts';
import { illegalArgument } from './refusals.ts';

/**
 * The parameters of a REST request's query, read by type. A repeated name keeps its last value. It remembers what was asked for, so that the
 * rest can be refused.
 *
 * Every reader throws a StatusError 400 with OpenSearch's own words for text it does not understand.
 */
export class QueryParameters {
  readonly #values: ReadonlyMap<string, string>;
  readonly #asked: Set<string>;

  /** @param query what stands behind the question mark, or names and values */
  constructor(query: string | Readonly<Record<string, string>>) {
    this.#values = new Map(new URLSearchParams(query));
    this.#asked = new Set();
  }

  /** Names nobody has asked for, in order. */
  get unread(): string[] {
    return [...this.#values.keys()].filter((name) => !this.#asked.has(name)).sort();
  }

  /** Names somebody has asked for. */
  get asked(): ReadonlySet<string> {
    return this.#asked;
  }

  /** The text of a parameter, undefined when it is not there. */
  text(name: string): string | undefined {
    this.#asked.add(name);
    return this.#values.get(name);
  }

  /** `true` or `false`; the bare name is true. */
  flag(name: string): boolean | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (value === 'true' || value === '') return true;
    if (value === 'false') return false;
    throw illegalArgument(`Failed to parse value [${value}] as only [true] or [false] are allowed.`);
  }

  /** A time such as `30s`. */
  time(name: string): TimeValue | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    try {
      return parseTime(value);
    } catch (error) {
      throw illegalArgument(
        `failed to parse setting [${name}] with value [${value}] as a time value: unit is missing or unrecognized`,
        error,
      );
    }
  }

  /** A 64-bit integer. */
  long(name: string): number | bigint | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const parsed = parseLong(value);
    if (parsed === undefined) throw illegalArgument(`Failed to parse long parameter [${name}] with value [${value}]`);
    return parsed;
  }

  /** A 32-bit integer. */
  int(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const parsed = Number(parseLong(value) ?? Number.NaN);
    if ((parsed | 0) !== parsed) throw illegalArgument(`Failed to parse int parameter [${name}] with value [${value}]`);
    return parsed;
  }

  /** Texts with commas between them; empty ones do not count. */
  list(name: string): string[] | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : splitCommas(value);
  }
}

/** Texts with commas between them; empty ones do not count. */
export function splitCommas(text: string): string[] {
  return text.split(',').filter((item) => item !== '');
}
