import { payload } from '../harness/payload.ts';

/** Values in a row differ, so that no cache can cheat; their number is a power of two. */
export const RING = 64;

/** Messages with headers of their own that are encoded: as many as a processor's cache holds, so that the memory they lie in is not what is measured. */
export const FRESH = 1024;

/** … that are decoded: twice as many as our header cache knows of, so that none comes again while it is remembered. */
export const FRESH_ENCODED = 4096;

/** What a request carries. */
export interface Message {
  readonly id: number;
  readonly action: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The headers of a call that has none: one object, so that a library may treat it as such. */
export const NO_HEADERS: Message['headers'] = {};

/** A call's own headers: the first two are what tracing sends, the others as long. */
const HEADER_NAMES = [
  'traceparent',
  'X-Opaque-Id',
  'tenant',
  'region',
  'user-agent',
  'authorization-hint',
  'routing-preference',
  'feature-flags',
];
/** 40 characters. */
const ACTION = 'indices:data/write/index-of-notes[shard]';

/**
 * Messages in a row.
 *
 * @param count a power of two
 * @param headers how many each carries, at most eight
 * @param fresh every message has header values of its own; otherwise all have the same
 */
export function messages(count: number, headers: number, fresh: boolean, bodyBytes: number): Message[] {
  const body = payload(bodyBytes);
  return ring(
    (at) => ({
      id: 1_000 + at,
      action: ACTION,
      headers: headers === 0 ? NO_HEADERS : headersOf(headers, fresh ? at : 0),
      body,
    }),
    count,
  );
}

/** Texts by script and length. */
export const TEXTS = {
  'ascii-8': () => texts('abcdefghijklmnopqrstuvwxyz', 8),
  'ascii-40': () => texts('abcdefghijklmnopqrstuvwxyz', 40),
  'ascii-200': () => texts('abcdefghijklmnopqrstuvwxyz', 200),
  'cjk-40': () => texts('日本語中文字符汉漢漢字仮名交文東京都大阪府', 40),
  'emoji-20': () => texts('😀😁😂🤣😃😄😅😆😉😊😋😎😍😘', 20),
} as const;

/** 64 lists of 16 numbers, most of them small, as lengths and counts are. */
export function numberLists(): number[][] {
  return ring((at) => Array.from({ length: 16 }, (_, i) => mix(at * 16 + i) >>> (8 + (i % 4) * 6)));
}

/** 64 documents of a kind that users index. */
export function documents(): Record<string, unknown>[] {
  return ring((at) => ({
    '@timestamp': `2024-05-${String((at % 28) + 1).padStart(2, '0')}T12:00:00.000Z`,
    message: `user ${at} opened the page number ${mix(at) % 1000}`,
    level: at % 7 === 0 ? 'error' : 'info',
    durationMs: (mix(at) % 10_000) / 8,
    count: mix(at + 1) % 100_000,
    ok: at % 7 !== 0,
    tags: ['web', 'eu-west', `shard-${at % 5}`],
    user: { id: `u-${at}`, name: 'Grace Hopper', roles: ['admin', 'author'], lastSeen: null },
  }));
}

function texts(alphabet: string, length: number): string[] {
  const letters = Array.from(alphabet);
  return ring((at) => Array.from({ length }, (_, i) => letters[mix(at * length + i) % letters.length]).join(''));
}

function headersOf(count: number, at: number): Message['headers'] {
  return Object.fromEntries(HEADER_NAMES.slice(0, count).map((name, i) => [name, headerValue(at, i)]));
}

function headerValue(at: number, header: number): string {
  return [mix(at * 8 + header), mix(at * 8 + header + 1)].map((word) => word.toString(16).padStart(8, '0')).join('-');
}

function ring<T>(make: (at: number) => T, count: number = RING): T[] {
  return Array.from({ length: count }, (_, at) => make(at));
}

/** A 32-bit number from a 32-bit number, well mixed. */
function mix(seed: number): number {
  const a = Math.imul(seed ^ (seed >>> 16), 0x45d9f3b) + 0x9e3779b9;
  const b = Math.imul(a ^ (a >>> 15), 0x2c1b3c6d);
  return (b ^ (b >>> 13)) >>> 0;
}
