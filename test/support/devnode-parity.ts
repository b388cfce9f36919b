import { request as httpRequest } from 'node:http';
import { gunzipSync, inflateSync } from 'node:zlib';
import { decode as decodeCbor } from 'cborg';
import { readSmile } from '../../src/protocol/rest/smile/smile-reader.ts';
import type { ParityCase } from './devnode-parity-cases.ts';

/** What is compared of an answer. */
export interface ParityAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** Headers that matter to clients. */
const COMPARED = [
  'content-type',
  'content-encoding',
  'x-opaque-id',
  'x-opensearch-version',
  'warning',
  'transfer-encoding',
  'x-one',
  'x-many',
];

/** Facts that differ between two nodes, by the name in front of them, quoted or not. */
const FACTS = [
  'build_hash',
  'build_date',
  'cluster_uuid',
  'state_uuid',
  'lucene_version',
  'attributes',
  'epoch',
  'timestamp',
  'shard_indexing_pressure_enabled',
];
const FACT = new RegExp(`("?(?:${FACTS.join('|')})"? ?: ?)(?:"[^"]*"|\\{[^}]*\\})`, 'g');

/** Asks a node. @param masks texts that differ between nodes, such as its id */
export async function askNode(url: string, parity: ParityCase, masks: readonly string[]): Promise<ParityAnswer> {
  const space = parity.ask.indexOf(' ');
  const { status, headers, content } = await exchange(url, parity.ask.slice(0, space), parity.ask.slice(space + 1), parity);
  const shown: Record<string, unknown> = {};
  for (const name of COMPARED) if (headers[name] !== undefined) shown[name] = headers[name];
  if (status === 205) shown['content-length'] = headers['content-length'];
  // The order is that of a hash table, another one in each JVM.
  if (headers['allow'] !== undefined) shown['allow'] = (headers['allow'] as string).split(',').sort();
  return { status, headers: shown, body: parity.hasEqualBody === false ? null : bodyOf(content, headers, masks) };
}

function bodyOf(content: Buffer, headers: Readonly<Record<string, unknown>>, masks: readonly string[]): unknown {
  const coding = headers['content-encoding'];
  const plain = coding === 'gzip' ? gunzipSync(content) : coding === 'deflate' ? inflateSync(content) : content;
  const mask = (text: string): string => masked(text, masks);
  if (headers['content-type'] === 'application/cbor') return mask(JSON.stringify(decodeCbor(plain, { allowIndefinite: true })));
  if (headers['content-type'] === 'application/smile') return mask(JSON.stringify(readSmile(plain)));
  return mask(plain.toString('utf8'));
}

function masked(text: string, masks: readonly string[]): string {
  let shown = text;
  for (const each of masks) shown = shown.replaceAll(each, '<id>');
  return shown
    .replaceAll(/127\.0\.0\.1:\d+/g, '<address>')
    .replaceAll(FACT, '$1<fact>')
    .replaceAll(/\b\d{10} \d\d:\d\d:\d\d/g, '<time>')
    .replaceAll(/allowed: \[([A-Z, ]+)\]/g, (_, list: string) => `allowed: [${list.split(', ').sort().join(', ')}]`);
}

function exchange(url: string, method: string, path: string, { headers = {}, body }: ParityCase) {
  return new Promise<{ status: number; headers: Readonly<Record<string, unknown>>; content: Buffer }>((resolve, reject) => {
    const { hostname, port } = new URL(url);
    // The path as it is: what a URL class would escape is what some cases are about.
    const all: Record<string, string | readonly string[] | number> = { ...headers };
    if (body !== undefined) all['Content-Length'] = Buffer.byteLength(body);
    const sent = httpRequest(
      { hostname, port, method, path: '/', headers: all as NodeJS.Dict<string | string[]>, agent: false },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, content: Buffer.concat(chunks) }));
      },
    );
    sent.path = Buffer.from(path, 'utf8').toString('latin1');
    sent.on('error', reject);
    sent.end(body);
  });
}
