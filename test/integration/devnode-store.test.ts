import { expect, test } from 'vitest';
import { devNode } from '../../src/devnode/dev-node.ts';
import * as docs from '../../src/protocol/action/docs/docs.ts';
import * as indices from '../../src/protocol/action/indices/indices.ts';
import { type RemoteError, unwrapRemote } from '../../src/protocol/error/remote-error.ts';
import { writeSmile } from '../../src/protocol/rest/smile/smile-writer.ts';
import { createClient } from '../../src/transport/client/client.ts';

test.each(['2.19.6', '3.9.0'])('a node of %s keeps documents for the native actions and for REST alike', async (version) => {
  await using node = await devNode({ version });
  await using client = createClient({ nodes: [node.address] });
  await client.call(indices.create, { index: 'notes', settings: { 'index.number_of_replicas': '0' } });
  const written = await client.call(docs.index, { index: 'notes', id: '1', source: { text: 'hi' }, refresh: 'IMMEDIATE' });
  expect(written).toMatchObject({ result: 'CREATED', version: 1, seqNo: 0, primaryTerm: 1, forcedRefresh: true });
  const found = (await (await fetch(`${node.httpUrl}/notes/_search?q=text:hi`)).json()) as { hits: { total: unknown } };
  expect(found.hits.total).toEqual({ value: 1, relation: 'eq' });

  const { items } = await client.call(docs.bulk, {
    items: [
      { kind: 'update', index: 'notes', id: '1', doc: { source: { text: 'ho' } } },
      { kind: 'create', index: 'notes', id: '1', source: { text: 'no' } },
      { kind: 'delete', index: 'notes', id: '2' },
    ],
  });
  expect(items.map(({ response, failure }) => response?.result ?? failure?.cause.message)).toEqual([
    'UPDATED',
    '[1]: version conflict, document already exists (current version [2])',
    'NOT_FOUND',
  ]);
  expect(docs.sourceOf(await client.call(docs.get, { index: 'notes', id: '1' }))).toEqual({ text: 'ho' });
  const missing = await client.call(docs.get, { index: 'none', id: '1' }).catch((error: unknown) => error as RemoteError);
  expect(missing).toMatchObject({ remoteType: 'index_not_found_exception', status: 404, metadata: { 'opensearch.index': ['none'] } });
  expect(unwrapRemote((missing as RemoteError).remote).class).toBe('org.opensearch.index.IndexNotFoundException');
  expect(await client.call(indices.delete, { indices: ['not*'] })).toEqual({ acknowledged: true });
});

test('documents in YAML, CBOR and SMILE are searched as those in JSON, and shown as JSON', async () => {
  await using node = await devNode();
  const { encode } = await import('cborg');
  const bodies: Record<string, Uint8Array> = {
    yaml: Buffer.from('---\ntext: word\nn: 3\n'),
    cbor: encode({ text: 'word', n: 3 }),
    smile: writeSmile({ text: 'word', n: 3 }),
  };
  for (const [format, body] of Object.entries(bodies)) {
    const headers = { 'content-type': `application/${format}` };
    expect((await fetch(`${node.httpUrl}/d/_doc/${format}?refresh=true`, { method: 'PUT', headers, body: Buffer.from(body) })).status).toBe(
      201,
    );
    const got = (await (await fetch(`${node.httpUrl}/d/_doc/${format}`)).json()) as { _source: unknown };
    expect(got._source).toEqual({ text: 'word', n: 3 });
  }
  const answer = await fetch(`${node.httpUrl}/d/_search?q=n:3`);
  expect(await answer.json()).toMatchObject({ hits: { total: { value: 3 } } });
});
