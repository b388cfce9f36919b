// The attacked side: a server, an extension or a client of the built package in a process of its own, and nothing beside it but the probes.
import { answer, argument, ready } from './child.mjs';
import { demoActions, load } from './demo-actions.mjs';
import { LoopWatch } from './probes.mjs';
import { Pace } from './pace.mjs';

const { folder, victim, certificate, hostilePort, neighbourPort } = argument();

const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
/** More than DEFLATE looks back. */
const TEXT_BYTES = 64 * 1024;

const watch = new LoopWatch();
const roles = { server: startServer, extension: startExtension, client: startClient };
let facts = () => ({});
let pace = null;

answer({
  begin: () => watch.reset(),
  sample: () => ({ stopMs: watch.longestMs, cpuMs: process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000 }),
  samples: () => pace?.samples ?? [],
  facts: () => facts(),
});
ready({ port: await roles[victim.role]() });

async function carrierOf() {
  if (certificate === null) return {};
  const { tls } = await load(folder, 'carrier.js');
  return { carrier: tls({ cert: certificate.cert, key: certificate.key, ca: certificate.ca }) };
}

async function startServer() {
  const { createServer } = await load(folder, 'index.js');
  const actions = await demoActions(folder);
  const server = createServer({ ...(await carrierOf()), ...victim.options });
  const text = documents(TEXT_BYTES);
  server.handle(actions.echo, ({ text }) => ({ text }));
  server.handle(actions.bytes, ({ body }) => ({ body }));
  server.handle(actions.points, ({ points }) => ({ count: points.length }));
  server.handle(actions.generic, () => ({}));
  server.handle(actions.settings, ({ settings }) => ({ count: Object.keys(settings).length }));
  // An answer that needs a moment, as most do, and memory of its own; a handler of so much memory bounds how often it runs.
  const large = async ({ size }) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return { body: Buffer.alloc(Math.min(size, MAX_ANSWER_BYTES), text) };
  };
  server.handle(actions.large, large, { concurrency: 4 });
  server.handle(actions.slow, ({ ms }) => new Promise((resolve) => setTimeout(() => resolve({}), ms)));
  server.handle(actions.upload, () => new Promise(() => undefined));
  facts = () => ({ connections: server.connections, inFlight: server.inFlight });
  return (await server.listen(0)).port;
}

/** Text that compresses as documents do. */
function documents(bytes) {
  let text = '';
  for (let seed = 1; text.length < bytes; seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 1) {
    text += `{"id":${seed},"name":"document ${seed % 1000}","tags":["a","b"]}\n`;
  }
  return Buffer.from(text, 'latin1').subarray(0, bytes);
}

async function startExtension() {
  const { extension } = await load(folder, 'extension/index.js');
  const ext = extension({ port: 0, ...(await carrierOf()), ...victim.options });
  ext.get('/hello/{name}', ({ params }) => ({ hello: params.name }));
  facts = () => ({ nodes: ext.nodes.length });
  return (await ext.listen()).port;
}

/** Two clients: one calls the hostile node all the time, the other an honest one; with `together`, one client calls both in turn. */
async function startClient() {
  const { createClient } = await load(folder, 'index.js');
  const actions = await demoActions(folder);
  const [hostile, honest] = [`127.0.0.1:${hostilePort}`, `127.0.0.1:${neighbourPort}`];
  const options = { timeoutMs: 2000, reconnect: { baseMs: 100, maxMs: 200 }, ...victim.options };
  const client = createClient({ ...options, nodes: [hostile, ...(victim.together ? [honest] : [])] });
  const echo = (each) => () => each.call(actions.echo, { text: 'x'.repeat(200) });
  pace = new Pace({ isLate: true, call: victim.together ? echo(client) : echo(createClient({ ...options, nodes: [honest] })) });
  if (!victim.together) {
    const call = victim.action === 'findPoints' ? () => client.call(actions.findPoints, undefined) : echo(client);
    const again = () => {
      call().then(
        () => setTimeout(again, 10),
        () => setTimeout(again, 10),
      );
    };
    again();
  }
  facts = () => ({ inFlight: client.inFlight, states: client.nodes.map(({ state }) => state) });
  return 0;
}
