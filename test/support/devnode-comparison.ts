import type { Http } from './interop-http.ts';
import type { StoreCase } from './devnode-store-cases.ts';

/** Where the answers of a development node and a genuine one may differ, and why. Everything else must be equal. */
const DIFFERENCES: readonly { readonly why: string; readonly pattern: RegExp; readonly shown: string }[] = [
  { why: 'the time of two calls', pattern: /"took":\d+/g, shown: '"took":0' },
  { why: 'each node makes its own ids', pattern: /"(index_uuid|uuid|node)":"[\w-]{22}"/g, shown: '"$1":"…"' },
  { why: 'the same', pattern: /\/[\w-]{22}\] already exists/g, shown: '/…] already exists' },
  { why: 'the same', pattern: /with id '[\w-]{20}'/g, shown: "with id '…'" },
  { why: 'the same', pattern: /"_id":"[\w-]{20}"/g, shown: '"_id":"…"' },
  { why: 'the same', pattern: /\/_doc\/[\w-]{20}$/g, shown: '/_doc/…' },
  { why: 'the times of two nodes', pattern: /"creation_date":"\d+"/g, shown: '"creation_date":"0"' },
  { why: 'where in the text a parser stopped', pattern: /,"line":\d+,"col":\d+/g, shown: '' },
  { why: 'the same', pattern: /\[\d+:\d+\] /g, shown: '' },
  { why: 'the same', pattern: / at \[?\d+:\d+\]?"/g, shown: '"' },
  { why: 'the same', pattern: /\\n at \[Source: [^\]]*\]/g, shown: '' },
  {
    why: 'the JSON parsers of the releases say in different words that a number does not fit',
    pattern:
      /,"caused_by":\{"type":"(?:input_coercion|json_parse)_exception","reason":"(?:Current|Numeric)(?:[^"\\]|\\.)*"(?:,"caused_by":\{[^{}]*\})?\}/g,
    shown: '',
  },
  { why: 'how a node got at a count that is exact all the same', pattern: /"terminated_early":true,/g, shown: '' },
  {
    why: 'a parser of JSON tells in its own words what is wrong',
    pattern: /"reason":"(?:Unrecognized token|Unexpected token)(?:[^"\\]|\\.)*"/g,
    shown: '"reason":"…"',
  },
  {
    why: 'the JSON parser of Java has an exception below its own',
    pattern: /,"caused_by":\{"type":"stream_read_exception","reason":"…"\}/g,
    shown: '',
  },
];

/** What a node answers, as far as it is compared. */
export interface Comparable {
  readonly status: number;
  readonly location: string;
  readonly body: unknown;
}

/** Asks one node. Scores are compared to four digits. */
export async function answerOf(http: Http, [line, body, contentType = 'application/json']: StoreCase): Promise<Comparable> {
  const text = textOf(body);
  const headers = text === undefined ? {} : { 'Content-Type': contentType };
  const { status, headers: received, text: answered } = await http.send(line, { body: text, headers });
  return { status, location: evened(received.location ?? ''), body: comparable(answered) };
}

function textOf(body: unknown): string | undefined {
  if (body === undefined || typeof body === 'string') return body;
  return Array.isArray(body) ? body.map((each) => `${JSON.stringify(each)}\n`).join('') : JSON.stringify(body);
}

function comparable(text: string): unknown {
  if (!text.startsWith('{')) return evened(text);
  return JSON.parse(evened(JSON.stringify(JSON.parse(text))), (name, value: unknown) => {
    if (name === 'sort' && Array.isArray(value)) return value.map(rounded);
    return name === '_score' || name === 'max_score' ? rounded(value) : value;
  });
}

function rounded(value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}

function evened(text: string): string {
  return DIFFERENCES.reduce((before, { pattern, shown }) => before.replaceAll(pattern, shown), text);
}
