// An OpenSearch extension with three routes. Run it with `node examples/hello-extension/hello.js`, then tell a node about it: see
// docs/writing-extensions.md.
import { extension, json, StatusError } from 'opensearch-transport/extension';

const ext = extension({
  port: Number(process.env.PORT ?? 4500),
  onEvent(event) {
    if (event.type === 'registered')
      console.log(`${event.node.name} ${event.node.version} serves ${event.routes} routes of ${event.node.uniqueId}`);
    if (event.type === 'rejected') console.error(`${event.node.name} refused the routes: ${event.error.message}`);
    if (event.type === 'handlerFailed') console.error(`${event.method} ${event.path} failed:`, event.error);
  },
});

const names = new Map();

ext.get('/hello', () => 'Hello, world');

ext.get('/hello/{name}', ({ params, query }) => {
  const greeting = names.get(params.name) ?? 'Hello';
  const text = `${greeting}, ${params.name}`;
  return { greeting: query.flag('loud') ? text.toUpperCase() : text };
});

ext.put('/hello/{name}', ({ params, body }) => {
  const { greeting } = body.json();
  if (typeof greeting !== 'string') throw new StatusError(400, 'illegal_argument_exception', 'greeting is missing');
  names.set(params.name, greeting);
  return json({ saved: true }, { status: 201 });
});

const { host, port } = await ext.listen();
console.log(`listening on ${host}:${port}`);

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void ext.close());
