import type { ParameterType } from './parameter-types.ts';
import type { RestRequest } from './rest-message.ts';

/** A parameter of a REST action: where it stands, how it is read and what it means. */
export interface Parameter<Field extends string = string, Value = unknown> extends Pick<ParameterType<unknown>, 'type' | 'values'> {
  readonly place: 'path' | 'query';
  /** Name of the value it is read into; parameters that are read together share one. */
  readonly field: Field;
  /** What it means, in one sentence without its full stop. */
  readonly summary: string;
  /** What a node assumes without it, in words; null where there is nothing to say. */
  readonly default: string | null;
  /** @throws StatusError 400 in OpenSearch's words */
  readonly read: (request: RestRequest, name: string) => Value;
}

/** Parameters by their name in REST. */
export type Parameters = Readonly<Record<string, Parameter>>;

/** What a table of parameters is read into. */
export type ValuesOf<P extends Parameters> = {
  readonly [Name in keyof P as P[Name]['field']]: P[Name] extends Parameter<string, infer Value> ? Value : never;
};

/** A part of the path. A route without it takes the parameter of the query with its name, as a node does, or an empty text. */
export function path<const F extends string, T>(type: ParameterType<T>, field: F, summary: string): Parameter<F, T> {
  const read = ({ params, query: texts }: RestRequest, name: string) => type.read(params[name] ?? texts.get(name) ?? '', name);
  return { ...type, place: 'path', field, summary, default: null, read };
}

/** A parameter of the query; undefined when it is left out. @param usual what a node assumes then */
export function query<const F extends string, T>(
  type: ParameterType<T>,
  field: F,
  summary: string,
  usual: string | null = null,
): Parameter<F, T | undefined> {
  return { ...type, place: 'query', field, summary, default: usual, read: (request, name) => optional(request, type, name) };
}

/** Parameters of the query that make one value: each is documented, and `read` reads them all. */
export function together<const F extends string, T, const Name extends string>(
  field: F,
  read: (request: RestRequest) => T,
  each: Readonly<Record<Name, readonly [type: ParameterType<unknown>, summary: string, usual?: string]>>,
): Readonly<Record<Name, Parameter<F, T>>> {
  const table = each as Readonly<Record<string, readonly [ParameterType<unknown>, string, string?]>>;
  const entries = Object.entries(table).map(([name, [type, ...about]]) => [name, { ...query(type, field, ...about), read }]);
  return Object.fromEntries(entries) as Readonly<Record<Name, Parameter<F, T>>>;
}

/** Reads one parameter of the query. @returns undefined when it is left out */
export function optional<T>(request: RestRequest, type: ParameterType<T>, name: string): T | undefined {
  const text = request.query.get(name);
  return text === undefined ? undefined : type.read(text, name);
}

/** Reads every parameter of a table. @throws StatusError 400 in OpenSearch's words */
export function readParameters<P extends Parameters>(parameters: P, request: RestRequest): ValuesOf<P> {
  const values: Record<string, unknown> = {};
  for (const [name, { field, read }] of Object.entries(parameters)) if (!Object.hasOwn(values, field)) values[field] = read(request, name);
  return values as ValuesOf<P>;
}
