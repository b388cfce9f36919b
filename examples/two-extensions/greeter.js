// One of two extensions that call each other's transport actions through a node. Run in three terminals:
//   npx ostp node
//   node examples/two-extensions/greeter.js
//   node examples/two-extensions/counter.js
// then `curl localhost:9200/_extensions/_greeter/greet/Ada` and `curl localhost:9200/_extensions/_counter/counts`.
import { extension } from 'opensearch-transport/extension';

const ext = extension({ port: 0 });

ext.action('greeter:greet', (bytes) => Buffer.from(`Hello, ${String(bytes)}`));

ext.get('/greet/{name}', async ({ params, signal }) => {
  const count = await ext.remote('counter:add', Buffer.from(params.name), { signal });
  return { greeting: `Hello, ${params.name}`, count: Number(String(count)) };
});

await ext.listen();
await ext.initialize(process.env.OPENSEARCH_URL ?? 'http://127.0.0.1:9200', { name: 'Greeter', uniqueId: 'greeter' });
console.log('greeter is ready');
