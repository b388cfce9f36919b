import { type Json, RawJson, renderJson } from '../../protocol/rest/json.ts';
import { parseJsonExactly } from './parse-json.ts';

/** Returns a value with every {@link RawJson} in it taken apart; numbers keep their text. */
export function withoutRawJson(value: Json): Json {
  if (value instanceof RawJson) return isNested(value.text) ? parseJsonExactly(value.text) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(withoutRawJson);
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => (item === undefined ? [] : [[name, withoutRawJson(item as Json)]])),
  );
}

function isNested(text: string): boolean {
  return /^\s*["{[]/.test(text);
}

/** Returns the plain value of a value without nested {@link RawJson}: what formats other than JSON write. Integers beyond 2⁵³ become bigint. */
export function plainValue(value: Json): unknown {
  if (value instanceof RawJson) return numberOf(value.text);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(plainValue);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plainValue(item as Json)]));
}

function numberOf(text: string): unknown {
  const value = JSON.parse(text) as unknown;
  return typeof value === 'number' && /^\s*-?\d+\s*$/.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : value;
}

/** Returns JSON with a line for each member, as a node prints it for `pretty`. @param value without nested {@link RawJson} */
export function prettyJson(value: Json): string {
  return `${indented(value, '')}\n`;
}

function indented(value: Json, indent: string): string {
  if (typeof value !== 'object' || value === null || value instanceof RawJson) return renderJson(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item) => `${inner}${indented(item, inner)}`);
    return items.length === 0 ? '[ ]' : `[\n${items.join(',\n')}\n${indent}]`;
  }
  const members = Object.entries(value).flatMap(([name, item]) =>
    item === undefined ? [] : [`${inner}${JSON.stringify(name)} : ${indented(item as Json, inner)}`],
  );
  return members.length === 0 ? '{ }' : `{\n${members.join(',\n')}\n${indent}}`;
}
