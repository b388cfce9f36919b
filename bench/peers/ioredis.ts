import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { inTurn, type Peer } from './peer.ts';
import { dial, freePort, HOST } from './sockets.ts';

const START_MS = 5_000;

/** ioredis with automatic pipelining against a real redis-server: ECHO. */
export const ioredis: Peer = {
  name: 'ioredis',
  note: 'a broker in C answers, no JavaScript handler: not like for like',
  packages: ['ioredis'],
  missing: async () => {
    const { status } = spawnSync('redis-server', ['--version'], { stdio: 'ignore' });
    return status === 0 ? null : 'no redis-server on PATH';
  },
  serve: async () => {
    const port = await freePort();
    const settings = ['--port', String(port), '--bind', HOST, '--save', '', '--appendonly', 'no', '--daemonize', 'no'];
    const broker = spawn('redis-server', settings, { stdio: 'ignore' });
    process.once('exit', () => broker.kill('SIGKILL'));
    await listening(port, broker);
    const close = async (): Promise<void> => {
      broker.kill();
      await once(broker, 'exit');
    };
    return { port, pids: [broker.pid as number], close };
  },
  connect: async (port, connections, { body, fail }) => {
    const clients = await inTurn(connections, async () => {
      const client = new Redis({ port, host: HOST, enableAutoPipelining: true, lazyConnect: true, retryStrategy: null });
      client.on('error', fail);
      await client.connect();
      return client;
    });
    return {
      echo: (answered) => void clients.next().echoBuffer(body).then(answered, fail),
      close: () => clients.all.forEach((client) => client.disconnect()),
    };
  },
};

/** Waits until the broker accepts. @throws when it ends or does not in time */
async function listening(port: number, broker: ChildProcess): Promise<void> {
  for (const end = performance.now() + START_MS; performance.now() < end; await sleep(20)) {
    if (broker.exitCode !== null) break;
    const socket = await dial(port, null, () => {}).catch(() => null);
    socket?.destroy();
    if (socket !== null) return;
  }
  broker.kill('SIGKILL');
  throw new Error('redis-server did not start to listen');
}
