/** What the compiler makes of actions: requests are sparse, responses complete, and wrong ones are refused. */
import {
  type AnswerOf,
  type CallOptions,
  type ByteStream,
  type Client,
  defineAction,
  type InOf,
  list,
  optional,
  type OutOf,
  type ReceivedOf,
  type RequestOf,
  type ResponseOf,
  since,
  type StreamSource,
  stream,
  string,
  struct,
  vInt,
  vLong64,
  withDefault,
} from '../../src/index.ts';
import { cluster, docs, indices } from '../../src/actions.ts';
import { type Equal, holds } from './expect-type.ts';

const search = defineAction({
  name: 'demo:search',
  request: struct({ text: string, limit: withDefault(vInt, 10), language: optional(string) }),
  response: struct({ hits: list(struct({ id: string, score: vLong64 })), next: optional(string), shards: since(3_000_000, vInt, 0) }),
});

/** What reading gives is complete, and not written to. */
type Hit = { readonly id: string; readonly score: bigint };

holds<Equal<RequestOf<typeof search>, { text: string; limit?: number | undefined; language?: string | null | undefined }>>();
holds<Equal<ReceivedOf<typeof search>, { readonly text: string; readonly limit: number; readonly language: string | null }>>();
holds<Equal<ResponseOf<typeof search>, { readonly hits: Hit[]; readonly next: string | null; readonly shards: number }>>();
holds<
  Equal<AnswerOf<typeof search>, { hits: readonly { id: string; score: bigint }[]; shards: number; next?: string | null | undefined }>
>();

const upload = defineAction({ name: 'demo:upload', request: struct({ content: stream() }), response: struct({ bytes: vInt }) });
holds<Equal<RequestOf<typeof upload>['content'], StreamSource>>();
holds<Equal<ReceivedOf<typeof upload>['content'], ByteStream>>();

const strings = list(string);
holds<Equal<OutOf<typeof strings>, string[]>>();
holds<Equal<InOf<typeof strings>, readonly string[]>>();

/** Never called: the compiler reads it. */
export async function calls(client: Client): Promise<void> {
  const { hits, next } = await client.call(search, { text: 'tea' });
  holds<Equal<typeof hits, Hit[]>>();
  holds<Equal<typeof next, string | null>>();

  await client.call(search, { text: 'tea', limit: 3, language: null }, { timeoutMs: 100, compress: true, headers: { a: 'b' } });
  // @ts-expect-error text is missing
  await client.call(search, { limit: 3 });
  // @ts-expect-error limit is a number
  await client.call(search, { text: 'tea', limit: '3' });
  // @ts-expect-error there is no such field
  await client.call(search, { text: 'tea', size: 3 });
  // @ts-expect-error a request is always given
  await client.call(search);
  // @ts-expect-error the response has no such field
  void (await client.call(search, { text: 'tea' })).total;
  // @ts-expect-error an action is a definition, not a name
  await client.call('demo:search', { text: 'tea' });

  await client.call(cluster.main, {});
  const health = await client.call(cluster.health, { level: 'INDICES' });
  holds<Equal<typeof health.status, 'GREEN' | 'YELLOW' | 'RED'>>();
  holds<Equal<typeof health.numberOfNodes, number>>();
  // @ts-expect-error levels are written as OpenSearch names its constants
  await client.call(cluster.health, { level: 'indices' });

  const got = await client.call(docs.get, { index: 'notes', id: '1' });
  holds<Equal<typeof got.source, Buffer | null>>();
  // @ts-expect-error a source may be null
  got.source.toString();
  await client.call(docs.index, { index: 'notes', source: { text: 'an object' } });
  await client.call(docs.index, { index: 'notes', source: '{"text":"a text"}' });
  await client.call(docs.index, { index: 'notes', source: new Uint8Array(2) });
  // @ts-expect-error a number is no document
  await client.call(docs.index, { index: 'notes', source: 1 });
  const { result } = await client.call(docs.delete, { index: 'notes', id: '1' });
  holds<Equal<typeof result, 'CREATED' | 'UPDATED' | 'DELETED' | 'NOT_FOUND' | 'NOOP'>>();
  await client.call(indices.refresh, {});
}

export const options: CallOptions[] = [
  {},
  { timeoutMs: 1, signal: AbortSignal.abort(), headers: { 'X-Opaque-Id': 'a' }, compress: false, parentTask: { nodeId: 'n', id: 1 } },
  // @ts-expect-error times are milliseconds, with the unit in the name
  { timeout: 1 },
  // @ts-expect-error a text is no time
  { timeoutMs: '1s' },
  // @ts-expect-error header values are texts
  { headers: { a: 1 } },
];
