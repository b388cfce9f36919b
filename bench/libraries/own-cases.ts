import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { type AnyCodec, type Codec, decode, encode } from 'opensearch-transport';
import { findAction } from 'opensearch-transport/actions';
import { deflateBody, exception, inflateBodySync } from 'opensearch-transport/protocol';
import type { Cases, Operation } from '../corpus/codec.ts';
import { documents } from '../corpus/values.ts';

/** Bytes of genuine nodes. */
const VECTORS = new URL('../../../test/vectors/golden-3.9.0.json.gz', import.meta.url);
const VERSION = '@3.9.0';
const MAX_INFLATED_BYTES = 1024 ** 2;

/** Vectors that stand for what is sent often, is large or is nested. */
const ACTIONS = ['act.health.indices.response', 'act.bulk.mixed.request', 'act.bulk.response', 'act.bulk.conflict.response'];
const EXCEPTIONS = ['exc.44.RecoveryFailedException', 'exc.46.NodeShouldNotConnectException'];

interface Vector {
  readonly id: string;
  readonly value: { readonly action?: string };
  readonly hex: string;
}

/** Cases of this protocol alone: bodies of actions, exceptions, compression. */
export function ownCases(): Cases {
  const cases: Record<string, () => Operation> = {};
  for (const id of ACTIONS) both(cases, `action/${id.slice('act.'.length)}`, () => actionBody(id));
  for (const id of EXCEPTIONS)
    both(cases, `exception/${id.split('.')[2]}`, () => ({ codec: exception as AnyCodec, bytes: bytesOf(find(id)) }));
  cases['compression/deflate'] = () => {
    const body = compressible();
    return () => deflateBody(body).length;
  };
  cases['compression/inflate'] = () => {
    const compressed = deflateBody(compressible());
    return () => inflateBodySync(compressed, MAX_INFLATED_BYTES).length;
  };
  return cases;
}

function both(cases: Record<string, () => Operation>, name: string, load: () => { codec: AnyCodec; bytes: Buffer }): void {
  const [kind, ...rest] = name.split('/');
  cases[`${kind}/encode/${rest.join('/')}`] = () => {
    const { codec, bytes } = load();
    const value = decode(codec, bytes);
    return () => encode(codec as Codec<unknown>, value).length;
  };
  cases[`${kind}/decode/${rest.join('/')}`] = () => {
    const { codec, bytes } = load();
    return () => (decode(codec, bytes) === undefined ? 0 : 1);
  };
}

function actionBody(id: string): { codec: AnyCodec; bytes: Buffer } {
  const vector = find(id);
  const action = findAction(vector.value.action ?? '');
  if (action === undefined) throw new Error(`no action ${vector.value.action}`);
  // A request begins with its parent task, here the empty one: the channel's business, not the codec's.
  return id.endsWith('.request')
    ? { codec: action.request, bytes: bytesOf(vector).subarray(1) }
    : { codec: action.response, bytes: bytesOf(vector) };
}

function find(id: string): Vector {
  const vectors = JSON.parse(gunzipSync(readFileSync(VECTORS)).toString()) as Vector[];
  const found = vectors.find((vector) => vector.id === id + VERSION);
  if (found === undefined) throw new Error(`no vector ${id + VERSION}`);
  return found;
}

function bytesOf({ hex }: Vector): Buffer {
  return Buffer.from(hex, 'hex');
}

/** About 14 KiB of documents as text. */
function compressible(): Buffer {
  return Buffer.from(JSON.stringify(documents()));
}
