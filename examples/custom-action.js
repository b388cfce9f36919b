// Defines an action, serves it and calls it, all in one process. Run it with `node examples/custom-action.js`.
import {
  createClient,
  createServer,
  defineAction,
  list,
  optional,
  StatusError,
  string,
  struct,
  vInt,
  withDefault,
} from 'opensearch-transport';

// The client's call, the server's handler and their types come from this definition. Callers can leave out `limit` and `language`.
const suggest = defineAction({
  name: 'demo:suggest',
  request: struct({ prefix: string, limit: withDefault(vInt, 3), language: optional(string) }),
  response: struct({ words: list(string), more: vInt }),
  summary: 'Words that begin with a prefix',
  idempotent: true,
});

const words = ['carrier', 'channel', 'client', 'codec', 'combinator', 'connection'];

const server = createServer();
server.handle(suggest, ({ prefix, limit }) => {
  if (prefix === '') throw new StatusError(400, 'illegal_argument_exception', 'prefix must not be empty');
  const found = words.filter((word) => word.startsWith(prefix));
  return { words: found.slice(0, limit), more: Math.max(0, found.length - limit) };
});
const { port } = await server.listen(Number(process.env.PORT ?? 0));

const client = createClient(`127.0.0.1:${port}`);
try {
  console.log(await client.call(suggest, { prefix: 'c' }));
  console.log(await client.call(suggest, { prefix: 'co', limit: 2 }, { timeoutMs: 1_000 }));
  await client.call(suggest, { prefix: '' }).catch(({ code, status, reason }) => console.log(code, status, reason));
} finally {
  await client.close();
  await server.close();
}
