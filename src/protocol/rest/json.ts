/** JSON text that is passed on unchanged. The source of a document keeps its numbers, its order and its white space. */
export class RawJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A value of a REST body. Undefined members are left out; 64-bit integers can be bigint. */
export type Json = null | boolean | number | bigint | string | RawJson | readonly Json[] | JsonObject;

/** An object of a REST body. */
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

/** Returns the text of a REST body. Numbers without a form in JSON become strings (`"NaN"`), as OpenSearch prints them. */
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

/** Converts a plain value to JSON: dates and bytes become strings, values without a form in JSON become null. */
export function toJson(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toJson(item)]));
  return null;
}
