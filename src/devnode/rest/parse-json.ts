import { type Json, RawJson } from '../../protocol/rest/json.ts';

const TOKEN = /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\]|\\.)*")|([^{}[\],:" \t\r\n]+))/y;

/** Deepest nesting that is parsed. @see `StreamReadConstraints` of Jackson, as OpenSearch sets it */
const MAX_DEPTH = 1000;

/**
 * Parses JSON and keeps the text of each number, so that numbers of any size and form go through unchanged.
 *
 * @param text a well-formed JSON text: parse it first
 */
export function parseJsonExactly(text: string): Json {
  TOKEN.lastIndex = 0;
  return readValue(text, next(text), 0);
}

function next(text: string): string {
  const [, sign, string, plain] = TOKEN.exec(text) ?? [];
  return sign ?? string ?? plain ?? '';
}

function readValue(text: string, token: string, depth: number): Json {
  if (depth > MAX_DEPTH) throw new RangeError(`JSON is nested deeper than ${MAX_DEPTH} levels`);
  if (token === '{') return readObject(text, depth);
  if (token === '[') return readList(text, depth);
  const value = JSON.parse(token) as string | number | boolean | null;
  return typeof value === 'number' ? new RawJson(token) : value;
}

function readObject(text: string, depth: number): Json {
  const members: [string, Json][] = [];
  for (let token = next(text); token !== '}' && token !== ''; token = next(text)) {
    if (token === ',') continue;
    next(text);
    members.push([JSON.parse(token) as string, readValue(text, next(text), depth + 1)]);
  }
  return Object.fromEntries(members);
}

function readList(text: string, depth: number): Json {
  const items: Json[] = [];
  for (let token = next(text); token !== ']' && token !== ''; token = next(text))
    if (token !== ',') items.push(readValue(text, token, depth + 1));
  return items;
}
