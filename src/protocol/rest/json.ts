/** JSON text that is passed on as it is: the source of a document keeps its numbers, its order and its white space. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a REST body is made of. Members that are undefined are left out; 64-bit integers may be bigint. */
export type Json = null | boolean | number | bigint | string | RawJson | readonly Json[] | JsonObject;

/** An object of a REST body. */
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

/** The text of a REST body. Numbers that JSON has no form for become texts (`"NaN"`), as OpenSearch prints them. */
export function renderJson(value: Json): string {
  if (value instanceof RawJson) return value.text;
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : `"${value}"`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(renderJson).join(',')}]`;
  const members = Object.entries(value).flatMap(([name, item]) =>
    item === undefined ? [] : [`${JSON.stringify(name)}:${renderJson(item)}`],
  );
  return `{${members.join(',')}}`;
}

function isList(value: Exclude<Json, RawJson>): value is readonly Json[] {
  return Array.isArray(value);
}

/** Any plain value as JSON has it: dates and bytes become text, what JSON cannot show null. */
export function toJson(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toJson(item)]));
  return null;
}
