// Behaviour around calls: the server logs what it serves, the client adds a header to everything it sends. Run it with `node examples/interceptors.js`.
import { createClient, createServer, defineAction, string, struct } from 'opensearch-transport';

const greet = defineAction({ name: 'demo:greet', request: struct({ name: string }), response: struct({ text: string }) });

/** Logs every call with its outcome. The same shape serves both ends. */
const logging = (next) => async (call) => {
  const caller = call.context.headers['X-Opaque-Id'] ?? 'nobody';
  try {
    const answer = await next(call);
    console.log(`${call.action.name} for ${caller}: done`);
    return answer;
  } catch (error) {
    console.log(`${call.action.name} for ${caller}: ${error.message}`);
    throw error;
  }
};

/** Sends a request header with every call, unless the call has one of that name. */
const withHeader = (name, value) => (next) => (call) => {
  const headers = { [name]: value, ...call.context.headers };
  return next({ ...call, context: { ...call.context, headers } });
};

const server = createServer({ interceptors: [logging] });
server.handle(greet, ({ name }) => {
  if (name === '') throw new RangeError('nobody to greet');
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
