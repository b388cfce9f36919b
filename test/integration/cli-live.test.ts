import { once } from 'node:events';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createServer, defineAction, type Server, string, struct } from '../../src/index.ts';
import { run, type Running, start } from '../unit/cli/run.ts';

const started: (Running | Server)[] = [];

afterEach(async () => {
  for (const one of started.splice(0).reverse()) {
    if ('interrupt' in one) one.interrupt();
    else await one.close({ drainMs: 0 });
  }
});

async function serve(...args: string[]): Promise<{ address: string; running: Running }> {
  const running = start(['serve', '0', '--json', ...args]);
  started.push(running);
  const { host, port } = JSON.parse(await running.until('\n')) as { host: string; port: number };
  return { address: `${host}:${port}`, running };
}

describe('ostp serve and call', () => {
  test('the example action answers', async () => {
    const { address } = await serve();
    const { exit, stdout } = await run([
      'call',
      address,
      'demo:echo',
      '{"text":"Grüße"}',
      '--json',
      '--compress',
      '--header',
      'X-Opaque-Id=7',
    ]);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ text: 'Grüße', at: expect.stringMatching(/^\d{13}$/) as string });
  });

  test('the request may come by standard input', async () => {
    const { address } = await serve();
    expect((await run(['call', address, 'demo:echo', '-'], { stdin: '{"text":"a"}' })).stdout).toMatch(/^{\n {2}"text": "a",\n/);
  });

  test('an action the server does not have ends with 1', async () => {
    const { address } = await serve();
    const { exit, stderr } = await run(['call', address, 'cluster.health', '--json']);
    expect(exit).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: 'ERR_UNKNOWN_ACTION', type: 'action_not_found_transport_exception', status: 500 },
    });
  });

  test('--trace shows every frame', async () => {
    const { address } = await serve();
    const { stderr } = await run(['call', address, 'demo:echo', '{"text":"a"}', '--trace']);
    expect(stderr.match(/^#1 .*(?:request|response) \d/gm)).toHaveLength(6);
    expect(stderr).toContain('text "a"');
  });

  test('--rest: what REST would have said', async () => {
    const { address } = await serve('--name', 'n1', '--cluster', 'c1');
    const rest = await run(['call', address, 'GET /', '--rest']);
    expect(rest).toMatchObject({ exit: 0, stderr: 'HTTP status 200\n' });
    expect(JSON.parse(rest.stdout)).toMatchObject({ name: 'n1', cluster_name: 'c1', version: { number: '2.19.0' } });
    expect(await run(['call', address, 'cluster.main', '--rest', '--json'])).toEqual({ exit: 0, stdout: rest.stdout, stderr: '' });
    expect(await run(['call', address, 'get /', '--rest', '--json'])).toEqual({ exit: 0, stdout: rest.stdout, stderr: '' });
    expect(await run(['call', address, 'GET /'])).toMatchObject({ exit: 2, stderr: expect.stringContaining('add --rest') as string });
    const none = await run(['call', address, 'GET /a/b/c/d/e', '--rest']);
    expect(none).toMatchObject({ exit: 1, stderr: 'HTTP status 400 (answered locally, the node was not asked)\n' });
    expect(JSON.parse(none.stdout)).toEqual({ error: 'no handler found for uri [/a/b/c/d/e] and method [GET]' });
    const failed = await run(['call', address, 'GET /_cluster/health', '--rest', '--json']);
    expect(failed.exit).toBe(1);
    expect(JSON.parse(failed.stdout)).toMatchObject({ status: 500, error: { type: 'action_not_found_transport_exception' } });
  });

  test('nobody there, or nobody who speaks TLS: 3', async () => {
    const { address, running } = await serve();
    const tls = await run(['call', address, 'cluster.main', '--tls', '--insecure', '--timeout', '5000']);
    expect(tls).toMatchObject({ exit: 3, stderr: expect.stringMatching(/^error \[ERR_TLS\]/) as string });
    running.interrupt();
    await running.done;
    const gone = await run(['call', address, 'cluster.main']);
    expect(gone).toMatchObject({ exit: 3, stdout: '', stderr: expect.stringMatching(/^error \[ERR_DIAL\].*refused/) as string });
  });

  test.each(['call', 'ping'])('%s of a port that takes the connection and stays silent, as an HTTP port does: 3', async (command) => {
    const silent = createTcpServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    try {
      const { port } = silent.address() as AddressInfo;
      const { exit, stderr } = await run([
        command,
        `127.0.0.1:${port}`,
        ...(command === 'call' ? ['cluster.main'] : []),
        '--timeout',
        '200',
      ]);
      expect({ exit, stderr }).toEqual({
        exit: 3,
        stderr: expect.stringMatching(/^error \[ERR_DEADLINE\]: .*\n.*the transport port \(9300\).*HTTP port \(9200\)/) as string,
      });
    } finally {
      silent.close();
    }
  });

  test('a port that is taken: 4', async () => {
    const { address } = await serve();
    const taken = await run(['serve', address.split(':')[1] ?? '']);
    expect(taken).toMatchObject({ exit: 4, stderr: expect.stringMatching(/^error \[ERR_ADDRESS_IN_USE\]/) as string });
  });

  test('Ctrl-C stops a server, which exits with 0 and frees its port', async () => {
    const { address, running } = await serve();
    running.interrupt();
    expect((await running.done).exit).toBe(0);
    const [, port = ''] = address.split(':');
    const again = start(['serve', port]);
    started.push(again);
    await again.until('listening on');
  });

  test('Ctrl-C gives up a call with 130', async () => {
    const slow = defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string }) });
    const server = createServer();
    started.push(server);
    const asked = new Promise<void>((resolve) => {
      server.handle(slow, () => {
        resolve();
        return new Promise<{ text: string }>(() => {});
      });
    });
    const { port } = await server.listen(0);
    const running = start(['call', `127.0.0.1:${port}`, 'demo:echo', '{"text":"a"}']);
    await asked;
    running.interrupt();
    expect(await running.done).toEqual({ exit: 130, stdout: '', stderr: '' });
  });

  test('an answer that comes too late: 1', async () => {
    const slow = defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string }) });
    const server = createServer();
    started.push(server);
    server.handle(slow, () => new Promise<{ text: string }>(() => {}));
    const { port } = await server.listen(0);
    const late = await run(['call', `127.0.0.1:${port}`, 'demo:echo', '{"text":"a"}', '--timeout', '300']);
    expect(late).toMatchObject({ exit: 1, stderr: expect.stringMatching(/^error \[ERR_DEADLINE\]/) as string });
  });
});

describe('ostp ping', () => {
  test('tells who is there, and both times of every round', async () => {
    const { address } = await serve('--name', 'n1', '--cluster', 'c1');
    const { exit, stdout } = await run(['ping', address, '--count', '3', '--interval', '1', '--json']);
    const [node, ...rounds] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect({ exit, node }).toMatchObject({ exit: 0, node: { node: 'n1', clusterName: 'c1', version: '2.19.0', streamVersion: '2.19.0' } });
    expect(rounds).toEqual(
      [1, 2, 3].map((round) => ({ round, frameMs: expect.any(Number) as number, handshakeMs: expect.any(Number) as number })),
    );
  });

  test('in words', async () => {
    const { address } = await serve();
    const { stdout } = await run(['ping', address, '--count', '1']);
    expect(stdout).toMatch(
      /^example in cluster example, version 2\.19\.0, .*\n1: ping frame [\d.]+ ms, transport handshake [\d.]+ ms\n1 round; ping frames: 1 answered, min \/ mean \/ max [\d.]+ \/ /,
    );
  });

  test('nobody there: 3', async () => {
    expect(await run(['ping', '127.0.0.1:1', '--count', '1'])).toMatchObject({
      exit: 3,
      stderr: expect.stringMatching(/^error \[ERR_DIAL\]/) as string,
    });
  });
});

describe('ostp demo', () => {
  test('--once shows both handshakes and every call decoded, then the summary, and ends', async () => {
    const { exit, stdout, stderr } = await run(['demo', '--once']);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    const seen = [...stdout.matchAll(/(request|response|error) \d+ (?:to|) ?(\S+)/g)].map(([, what, action]) => `${what} ${action}`);
    const conversation = [
      'internal:tcp/handshake',
      'internal:transport/handshake',
      'cluster:monitor/main',
      'cluster:monitor/nodes/liveness',
      'demo:echo',
      'demo:echo',
    ];
    expect(seen).toEqual([
      ...conversation.flatMap((action) => [`request ${action}`, `response ${action}`]),
      'request demo:unknown',
      'error demo:unknown',
    ]);
    expect(stdout).toContain('text "Grüße über den Draht"');
    expect(stdout).toMatch(
      /^action +result +ms +bytes sent +bytes received\n(?:.*\n){4}demo:unknown +500 action_not_found_transport_exception/m,
    );
  });

  test('without it the server goes on until Ctrl-C', async () => {
    const running = start(['demo']);
    started.push(running);
    const [, address = ''] = /listens on (\S+)\. Next/.exec(await running.until('press Ctrl-C')) ?? [];
    expect((await run(['call', address, 'demo:echo', '{"text":"a"}', '--json'])).stdout).toContain('"text":"a"');
    running.interrupt();
    expect((await running.done).exit).toBe(0);
  });
});
