// Notes that are kept in an index: create, read, change, delete and search. Documents go through actions of the node, on the connection that the
// node opened; the search goes through its REST API. Run it with `npx ostp dev examples/notes-extension.js`, then
//   curl -XPOST localhost:9200/_extensions/_notes-extension/notes -H 'Content-Type: application/json' -d '{"text":"Buy milk"}'
//   curl 'localhost:9200/_extensions/_notes-extension/notes?q=milk'
import { RemoteError } from 'opensearch-transport';
import { docs } from 'opensearch-transport/actions';
import { extension, json, StatusError } from 'opensearch-transport/extension';

const INDEX = 'notes';

// The search needs the address of the node's REST API only where the node's settings do not tell it.
const restUrl = process.env.OPENSEARCH_URL;
const ext = extension({ port: Number(process.env.PORT ?? 4500), ...(restUrl === undefined ? {} : { restUrl }) });

ext.post('/notes', async ({ body, signal }) => {
  const { id } = await ext.node.call(docs.index, { index: INDEX, source: noteOf(body), refresh: 'IMMEDIATE' }, { signal });
  return json({ id }, { status: 201 });
});

ext.get('/notes/{id}', async ({ params, signal }) => {
  const found = await ext.node.call(docs.get, { index: INDEX, id: params.id }, { signal }).catch(nullWithoutIndex);
  if (!found?.exists) throw notFound(params.id);
  return { id: params.id, version: Number(found.version), ...JSON.parse(String(found.source)) };
});

ext.put('/notes/{id}', async ({ params, body, signal }) => {
  const request = { index: INDEX, id: params.id, source: noteOf(body), refresh: 'IMMEDIATE' };
  const { result, version } = await ext.node.call(docs.index, request, { signal });
  return json({ id: params.id, version: Number(version) }, { status: result === 'CREATED' ? 201 : 200 });
});

ext.delete('/notes/{id}', async ({ params, signal }) => {
  const { result } = await ext.node.call(docs.delete, { index: INDEX, id: params.id, refresh: 'IMMEDIATE' }, { signal });
  if (result === 'NOT_FOUND') throw notFound(params.id);
  return { id: params.id, deleted: true };
});

ext.get('/notes', async ({ query, asCaller, signal }) => {
  const text = query.text('q');
  const size = query.int('size', { default: 10, min: 1, max: 100 });
  const search = { size, query: text === undefined ? { match_all: {} } : { match: { text } } };
  const { status, body } = await asCaller().request('POST', `/${INDEX}/_search?ignore_unavailable=true`, search, { signal });
  if (status !== 200) throw new StatusError(502, 'search_failed_exception', `the search was answered with status ${status}`);
  const { hits } = body;
  return { total: hits.total.value, notes: hits.hits.map(({ _id, _source }) => ({ id: _id, ..._source })) };
});

await ext.listen();

/** Returns the note in a body. */
function noteOf(body) {
  const { text, tags = [] } = body.json();
  if (typeof text !== 'string' || text === '')
    throw new StatusError(400, 'illegal_argument_exception', 'text must be a string and not empty');
  if (!Array.isArray(tags)) throw new StatusError(400, 'illegal_argument_exception', 'tags must be an array');
  return { text, tags };
}

/** Returns null for the error of an index that does not exist: the first note creates it. */
function nullWithoutIndex(error) {
  if (error instanceof RemoteError && error.status === 404) return null;
  throw error;
}

function notFound(id) {
  return new StatusError(404, 'note_not_found_exception', `no such note [${id}]`);
}
