// An OpenSearch extension with three routes. Run it with a development node, which needs no Java:
//   npx ostp dev examples/hello-extension/hello.js
//   curl localhost:9200/_extensions/_hello/hello/Ada
import { extension, json, StatusError } from 'opensearch-transport/extension';

const ext = extension({ port: Number(process.env.PORT ?? 4500) });

/** Greetings by name, for as long as the process runs. */
const greetings = new Map();

ext.get('/hello', () => 'Hello, world');

ext.get('/hello/{name}', ({ params, query }) => {
  const text = `${greetings.get(params.name) ?? 'Hello'}, ${params.name}`;
  return { greeting: query.flag('loud') ? text.toUpperCase() : text };
});

ext.put('/hello/{name}', ({ params, body }) => {
  const { greeting } = body.json();
  if (typeof greeting !== 'string') throw new StatusError(400, 'illegal_argument_exception', 'greeting must be a string');
  greetings.set(params.name, greeting);
  return json({ saved: true }, { status: 201 });
});

ext.on('registered', ({ node, routes }) => console.log(`${node.name} ${node.version} serves ${routes} routes of ${node.uniqueId}`));

const { host, port } = await ext.listen();
console.log(`listening on ${host}:${port}`);

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void ext.close());
