// The honest neighbour: calls the attacked server or extension as anyone does, or serves the attacked client.
import { answer, argument, ready } from './child.mjs';
import { demoActions, load } from './demo-actions.mjs';
import { initialisation } from './demo-node.mjs';
import { Pace } from './pace.mjs';
import { V_2_19_0 } from './wire.mjs';

const FRESH_EVERY_MS = 100;
const FRESH_TIMEOUT_MS = 1_000;

const { folder, victim, certificate, port } = argument();
const paces = [];
const roles = { server: callServer, extension: callExtension, client: serveClient };

answer({ samples: () => paces.flatMap(({ samples }) => samples) });
ready({ port: await roles[victim.role]() });

async function optionsOf() {
  const options = { nodes: [`127.0.0.1:${port}`], reconnect: { baseMs: 50, maxMs: 100 } };
  if (certificate === null) return options;
  const { tls } = await load(folder, 'carrier.js');
  return { ...options, carrier: tls({ ca: certificate.ca }) };
}

/** One client that stays, and every 100 ms a new one that connects, calls once and leaves. */
async function callServer() {
  const { createClient } = await load(folder, 'index.js');
  const { echo } = await demoActions(folder);
  const options = await optionsOf();
  await callInTurn(createClient, options, (client) => client.call(echo, { text: 'x'.repeat(200) }));
  return 0;
}

/** A node that has initialised the extension, and passes REST requests on. */
async function callExtension() {
  const { createClient } = await load(folder, 'index.js');
  const { extension } = await load(folder, 'actions.js');
  const call = (client) => client.call(extension.restExecute, { method: 'GET', uri: '/hello/x', path: '/hello/x', mediaType: null });
  const options = await optionsOf();
  await callInTurn(createClient, options, call, async (client) => {
    client.handle(extension.registerRestActions, () => ({ status: true }));
    await client.call(extension.initialize, initialisation('neighbour', V_2_19_0));
  });
  return 0;
}

async function callInTurn(createClient, options, call, begin = call) {
  const client = createClient(options);
  await begin(client);
  paces.push(new Pace({ call: () => call(client) }), freshPace(createClient, options, call));
}

function freshPace(createClient, options, call) {
  const once = async () => {
    const client = createClient({ ...options, timeoutMs: FRESH_TIMEOUT_MS, reconnect: false });
    try {
      await call(client);
    } finally {
      void client.close({ drainMs: 0 });
    }
  };
  return new Pace({ call: once, everyMs: FRESH_EVERY_MS, isFresh: true });
}

async function serveClient() {
  const { createServer } = await load(folder, 'index.js');
  const { echo } = await demoActions(folder);
  const server = createServer();
  server.handle(echo, ({ text }) => ({ text }));
  return (await server.listen(0)).port;
}
