// Interceptors run around every call: the server logs each call, the client adds a request header to each call.
// Run it with `node examples/interceptors.js`.
import { createClient, createServer, defineAction, string, struct } from 'opensearch-transport';

const greet = defineAction({ name: 'demo:greet', request: struct({ name: string }), response: struct({ text: string }) });

/** Logs every call with its outcome. Interceptors have the same form on the server and on the client. */
const logging = (next) => async (call) => {
  const caller = call.context.headers['X-Opaque-Id'] ?? 'an unknown caller';
  try {
    const answer = await next(call);
    console.log(`${call.action.name} for ${caller}: done`);
    return answer;
  } catch (error) {
    console.log(`${call.action.name} for ${caller}: ${error.message}`);
    throw error;
  }
};

/** Adds a request header to every call that does not have it yet. */
const withHeader = (name, value) => (next) => (call) => {
  const headers = { [name]: value, ...call.context.headers };
  return next({ ...call, context: { ...call.context, headers } });
};

const server = createServer({ interceptors: [logging] });
server.handle(greet, ({ name }) => {
  if (name === '') throw new RangeError('name must not be empty');
  return { text: `Hello, ${name}` };
});
const { port } = await server.listen(Number(process.env.PORT ?? 0));

const client = createClient({ nodes: [`127.0.0.1:${port}`], interceptors: [withHeader('X-Opaque-Id', 'nightly-report')] });
try {
  console.log((await client.call(greet, { name: 'Ada' })).text);
  console.log((await client.call(greet, { name: 'Grace' }, { headers: { 'X-Opaque-Id': 'by-hand' } })).text);
  await client.call(greet, { name: '' }).catch(() => {});
} finally {
  await client.close();
  await server.close();
}
