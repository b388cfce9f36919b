import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type Running, start } from '../unit/cli/run.ts';

const running: Running[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) {
    each.interrupt();
    await each.done;
  }
});

function node(...options: string[]): Running {
  const started = start(['node', ...options]);
  running.push(started);
  return started;
}

test('starts a development node, which says what it is, and stops at Ctrl-C', async () => {
  const started = node('--http-port', '0', '--transport-port', '0', '--version', '2.19', '--verbose');
  const printed = await started.until('Press Ctrl-C');
  expect(printed).toContain('not a database');
  const url = /http:\/\/\S+/.exec(printed)?.[0] ?? '';
  expect(await (await fetch(url)).json()).toMatchObject({ version: { number: '2.19.6' } });
  await started.untilNoticed(/200 GET {5}(\/)/);
  started.interrupt();
  expect((await started.done).exit).toBe(0);
});

test('takes free ports where the usual ones are taken, and tells of a chosen one that is', async () => {
  const first = node('--json');
  const second = node('--json');
  const [one, two] = await Promise.all([first, second].map(async (each) => JSON.parse(await each.until('}')) as { httpUrl: string }));
  expect(one?.httpUrl).not.toBe(two?.httpUrl);
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as { port: number };
  const { exit, stderr } = await start(['node', '--http-port', String(port)]).done;
  taken.close();
  expect(exit).toBe(4);
  expect(stderr).toContain(`httpPort ${port} of 127.0.0.1 is in use`);
});
