import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { devNode } from '../../src/devnode/dev-node.ts';
import type { DevNodeEvent } from '../../src/devnode/dev-node-options.ts';
import { health } from '../../src/protocol/action/cluster/health.ts';
import { main } from '../../src/protocol/action/cluster/main.ts';
import { createClient } from '../../src/transport/client/client.ts';

test.each(['2.19.6', '3.9.0'])('a node of %s says who it is over REST and over transport', async (version) => {
  await using node = await devNode({ version, clusterName: 'c', nodeName: 'n' });
  const answer = await fetch(node.httpUrl);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ name: 'n', cluster_name: 'c', version: { number: version, distribution: 'opensearch' } });
  await using client = createClient({ nodes: [node.address] });
  expect(await client.call(main, {})).toMatchObject({ nodeName: 'n', clusterName: 'c' });
  expect(await client.call(health, {})).toMatchObject({ status: 'GREEN', numberOfNodes: 1, timedOut: false });
});

test('a node is ready in well under a second and tells of each request', async () => {
  const events: DevNodeEvent[] = [];
  const startedAt = performance.now();
  await using node = await devNode({ onEvent: (event) => events.push(event) });
  expect(performance.now() - startedAt).toBeLessThan(500);
  await (await fetch(`${node.httpUrl}/_cluster/health?pretty`)).text();
  await (await fetch(`${node.httpUrl}/nope/x/y`)).text();
  expect(events).toMatchObject([
    { type: 'request', method: 'GET', path: '/_cluster/health?pretty', status: 200 },
    { type: 'request', method: 'GET', path: '/nope/x/y', status: 400 },
  ]);
});

test('HEAD has the length only', async () => {
  await using node = await devNode();
  const whole = await (await fetch(node.httpUrl)).text();
  const head = await fetch(node.httpUrl, { method: 'HEAD' });
  expect(head.headers.get('content-length')).toBe(String(Buffer.byteLength(whole)));
  expect(await head.text()).toBe('');
});

test('answers are compressed for clients that accept it', async () => {
  await using node = await devNode();
  const { encoding, text } = await new Promise<{ encoding: unknown; text: Buffer }>((resolve, reject) => {
    httpRequest(node.httpUrl, { headers: { 'accept-encoding': 'gzip' } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve({ encoding: answer.headers['content-encoding'], text: Buffer.concat(chunks) }));
    })
      .on('error', reject)
      .end();
  });
  expect(encoding).toBe('gzip');
  expect(text.subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
});

/** Sends bytes on a socket and returns all that comes until the node ends it. */
async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(text);
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  return Buffer.concat(chunks).toString('latin1');
}

test.each([
  ['no HTTP', 'GARBAGE\r\n\r\n', 'text is empty (possibly HTTP/0.9)'],
  ['a long line', `GET /${'a'.repeat(5000)} HTTP/1.1\r\nConnection: close\r\n\r\n`, 'An HTTP line is larger than 4096 bytes.'],
  ['large headers', `GET / HTTP/1.1\r\nConnection: close\r\nX-A: ${'a'.repeat(17_000)}\r\n\r\n`, 'HTTP header is larger than 16384 bytes.'],
  ['a bad length', 'GET / HTTP/1.1\r\nContent-Length: abc\r\n\r\n', 'Content-Length value is not a number: abc'],
  ['a header without a colon', 'GET / HTTP/1.1\r\nbad header\r\n\r\n', 'No colon found'],
])('%s is answered in the words of a node', async (_what, text, words) => {
  await using node = await devNode();
  const answer = await raw(Number(new URL(node.httpUrl).port), text);
  expect(answer).toContain('400 Bad Request');
  expect(answer).toContain(words);
});

test('a body that is too large is answered 413 before it is sent', async () => {
  await using node = await devNode();
  const answer = await raw(
    Number(new URL(node.httpUrl).port),
    'POST / HTTP/1.1\r\nContent-Length: 200000000\r\nContent-Type: application/json\r\n\r\n',
  );
  expect(answer).toContain('413 Request Entity Too Large');
});

test('a request whose headers do not end is closed', async () => {
  await using node = await devNode({ limits: { headersTimeoutMs: 100 } });
  expect(await raw(Number(new URL(node.httpUrl).port), 'GET / HTTP/1.1\r\nX-A: ')).toBe('');
});

test('close ends idle connections and requests that wait', async () => {
  const node = await devNode();
  await (await fetch(node.httpUrl)).text();
  const waiting = fetch(`${node.httpUrl}/_cluster/health?wait_for_nodes=3&timeout=60s`).catch((error: unknown) => error);
  await new Promise((resolve) => {
    setTimeout(resolve, 50);
  });
  await node.close();
  await waiting;
  await expect(fetch(node.httpUrl)).rejects.toThrow();
});
