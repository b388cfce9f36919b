// The other one of two extensions that call each other: it counts names, and asks the first one for a greeting. See greeter.js for how to run them.
import { extension } from 'opensearch-transport/extension';

const ext = extension({ port: 0 });

/** Greetings by name, for as long as the process runs. */
const counts = new Map();

ext.action('counter:add', (bytes) => {
  const name = String(bytes);
  counts.set(name, (counts.get(name) ?? 0) + 1);
  return Buffer.from(String(counts.get(name)));
});

ext.get('/counts', async ({ signal }) => {
  const entries = [...counts].map(async ([name, count]) => {
    const greeting = await ext.remote('greeter:greet', Buffer.from(name), { signal });
    return { name, count, greeting: String(greeting) };
  });
  return { counts: await Promise.all(entries) };
});

await ext.listen();
await ext.initialize(process.env.OPENSEARCH_URL ?? 'http://127.0.0.1:9200', { name: 'Counter', uniqueId: 'counter' });
console.log('counter is ready');
