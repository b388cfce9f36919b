// Opens and uses everything that holds a handle, closes it, and has to end by itself. Says each step, so that a hang tells where it was.
import { connect } from 'node:net';
import { setTimeout } from 'node:timers/promises';

const { createClient, createServer, defineAction, string, struct } = await import(process.argv[2]);
const echo = defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string }) });
const never = defineAction({ name: 'demo:never', request: struct({}), response: struct({}) });

function quietServer() {
  const server = createServer();
  server.handle(echo, ({ text }) => ({ text }));
  server.handle(never, () => new Promise(() => undefined));
  return server;
}

const server = quietServer();
const { port } = await server.listen(0);
const node = `127.0.0.1:${port}`;

const client = createClient({ nodes: [node, '127.0.0.1:1'], profile: 'node', pingIntervalMs: 10 });
await client.call(echo, { text: 'x' });
const controller = new AbortController();
const given = [client.call(never, {}, { timeoutMs: 50 }), client.call(never, {}, { signal: controller.signal })];
controller.abort();
console.log((await Promise.allSettled(given)).map(({ reason }) => reason.code).join(' '));

const hostile = [Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.from('4553', 'hex'), Buffer.alloc(100)].map((bytes) =>
  connect(port, '127.0.0.1')
    .on('error', () => undefined)
    .end(bytes),
);
await setTimeout(50);
for (const socket of hostile) socket.destroy();

const abandoned = createClient({ nodes: [node] });
const lost = abandoned.call(never, {}).catch(({ code }) => code);
await abandoned.call(echo, { text: 'x' });
abandoned.abort();
console.log(await lost);

const nobody = createClient({ nodes: ['127.0.0.1:1'], reconnect: { attempts: 100, baseMs: 10_000 } });
console.log(await nobody.call(echo, { text: 'x' }).catch(({ code }) => code));

const patient = createClient({ nodes: ['127.0.0.1:1'], reconnect: { attempts: 3, baseMs: 100, random: () => 1 } });
for (let i = 0; i < 2; i++) console.log(await patient.call(echo, { text: 'x' }).catch(({ code }) => code));

const waiting = createClient({ nodes: [node], timeoutMs: 60_000 });
const drained = waiting.call(never, {}).catch(({ code }) => code);
await waiting.call(echo, { text: 'x' });
await waiting.close({ drainMs: 20 });
console.log(await drained);

await client.close();
await server.close({ drainMs: 20 });
console.log('closed');
