// Writes three documents to a node, reads one back and shows an error.
// Run it with `node examples/documents.js 127.0.0.1:9300`, where 9300 is the transport port of a node.
import { createClient, RemoteError } from 'opensearch-transport';
import { cluster, docs, indices } from 'opensearch-transport/actions';

const client = createClient({ nodes: [process.argv[2] ?? '127.0.0.1:9300'], timeoutMs: 10_000 });
try {
  const { nodeName, clusterName, build } = await client.call(cluster.main, {});
  console.log(`${nodeName} of ${clusterName} runs ${build.qualifiedVersion}`);

  const titles = ['A Room of One’s Own', 'The Waves', 'Orlando'];
  const writes = titles.map((title, at) => client.call(docs.index, { index: 'books', id: String(at + 1), source: { title } }));
  for (const { id, result } of await Promise.all(writes)) console.log(`${id} ${result}`);

  await client.call(indices.refresh, { indices: ['books'] });
  const book = await client.call(docs.get, { index: 'books', id: '2' });
  console.log(book.exists ? JSON.parse(book.source.toString()).title : 'gone');

  const missing = await client.call(docs.get, { index: 'no-such-index', id: '1' }).catch((error) => error);
  if (missing instanceof RemoteError) console.log(`${missing.code} ${missing.status}: ${missing.reason}`);
} finally {
  await client.close();
}
