import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SupervisedFile } from '../support/supervised-node.ts';

const HELLO = (text: string) =>
  `ext.get('/hello/{name}', ({ params, query, opaqueId }) => ({ text: '${text}', params, query, opaqueId }));`;

describe('a supervised extension', () => {
  test('serves the routes of its worker through generic ones', async () => {
    await using supervised = new SupervisedFile();
    supervised.write(HELLO('one'));
    await supervised.start();
    const host = await supervised.host();
    expect(host.registrations).toHaveLength(1);
    expect(host.registrations[0]?.restActions).toHaveLength(63);
    const { status, text, consumed } = await host.rest('/hello/A%20b', { params: { loud: '' }, headers: { 'X-Opaque-Id': '7' } });
    expect({ status, consumed }).toEqual({ status: 200, consumed: ['__1', '__2', 'loud', 'name'] });
    expect(JSON.parse(text)).toEqual({ text: 'one', params: { name: 'A b' }, query: { loud: '' }, opaqueId: '7' });
  });

  test('answers as a node where no route is', async () => {
    await using supervised = new SupervisedFile();
    supervised.write(HELLO('one'));
    await supervised.start();
    const host = await supervised.host();
    expect(await host.rest('/none')).toEqual({
      status: 400,
      text: '{"error":"no handler found for uri [/_extensions/_hello/none] and method [GET]"}',
      consumed: ['__1'],
    });
    expect(await host.rest('/hello/x', { method: 'PUT' })).toMatchObject({
      status: 405,
      text: '{"error":"Incorrect HTTP method for uri [/_extensions/_hello/hello/x] and method [PUT], allowed: [GET]","status":405}',
    });
    expect(await host.rest('/hello/x', { method: 'OPTIONS' })).toMatchObject({ status: 200, text: '' });
  });

  test('answers anew once the file is saved, with new routes and without removed ones', async () => {
    await using supervised = new SupervisedFile();
    supervised.write(`${HELLO('one')} ext.get('/old', () => 'old');`);
    await supervised.start();
    const host = await supervised.host();
    expect(await host.rest('/old')).toMatchObject({ status: 200, text: 'old' });
    supervised.write(`${HELLO('two')} ext.get('/new', () => 'new');`);
    const { files } = await supervised.next('reloaded', 1);
    expect(files).toEqual([supervised.file]);
    expect(JSON.parse((await host.rest('/hello/x')).text)).toMatchObject({ text: 'two' });
    expect(await host.rest('/new')).toMatchObject({ status: 200, text: 'new' });
    expect(await host.rest('/old')).toMatchObject({ status: 400 });
    expect(host.registrations).toHaveLength(1);
  });

  test('keeps the old worker when the new one cannot start', async () => {
    await using supervised = new SupervisedFile();
    supervised.write(HELLO('one'));
    await supervised.start();
    const host = await supervised.host();
    supervised.write('this is not JavaScript');
    const { error, output } = await supervised.next('reloadFailed', 1);
    expect(error.message).toMatch(/^the worker ended with code 1 before it listened: SyntaxError: .* \(\/.*ext\.mjs:\d+\)$/);
    expect(output).toContain('SyntaxError');
    expect(await host.rest('/hello/x')).toMatchObject({ status: 200 });
    supervised.write(HELLO('two'));
    await supervised.next('reloaded', 1);
    expect(JSON.parse((await host.rest('/hello/x')).text)).toMatchObject({ text: 'two' });
  });

  test('starts once a broken file is repaired', async () => {
    await using supervised = new SupervisedFile();
    supervised.write('throw new Error("not yet");');
    const started = supervised.start();
    const { error } = await supervised.next('reloadFailed', 1);
    expect(error.message).toContain('Error: not yet');
    supervised.write(HELLO('one'));
    await started;
    const host = await supervised.host();
    expect(await host.rest('/hello/x')).toMatchObject({ status: 200 });
  });

  test('gives each of several nodes answers of its own', async () => {
    await using supervised = new SupervisedFile();
    supervised.write(`${HELLO('one')} ext.get('/nodes', () => ext.nodes.map(({ name, uniqueId }) => name + '/' + uniqueId).sort());`);
    await supervised.start();
    const hosts = [await supervised.host({ uniqueId: 'a' }), await supervised.host({ uniqueId: 'b' })];
    for (const host of hosts) {
      // The worker meets a node a moment after the supervisor has.
      await expect.poll(async () => JSON.parse((await host.rest('/nodes')).text)).toEqual(['node of a/a', 'node of b/b']);
    }
    await hosts[0]?.close();
    await supervised.next('disconnected', 1);
    await expect.poll(async () => JSON.parse((await hosts[1]?.rest('/nodes'))?.text ?? '')).toEqual(['node of b/b']);
  });
});

describe('a worker that is killed', () => {
  test('loses no request that may be repeated, and answers a POST 503 without a second run', async () => {
    await using supervised = new SupervisedFile();
    const log = join(supervised.folder, 'runs.txt');
    writeFileSync(log, '');
    supervised.write(`
      import { appendFileSync } from 'node:fs';
      for (const method of ['GET', 'PUT', 'DELETE', 'HEAD', 'POST'])
        ext.route(method, '/slow/{id}', async ({ params }) => { appendFileSync(${JSON.stringify(log)}, method + ' ' + params.id + '\\n'); await sleep(150); return params.id; });
      ext.get('/pid', () => String(process.pid));`);
    await supervised.start();
    const host = await supervised.host();
    await host.rest('/pid');
    const methods = ['GET', 'PUT', 'DELETE', 'HEAD', 'POST'] as const;
    const sent = Array.from({ length: 100 }, (_, id) => {
      const method = methods[id % 5] ?? 'GET';
      return host.rest(`/slow/${id}`, { method }).then((got) => ({ id, method, ...got }));
    });
    await expect.poll(() => readFileSync(log, 'utf8').split('\n').length).toBeGreaterThan(50);
    process.kill(supervised.supervisor.pid ?? 0, 'SIGKILL');
    const got = await Promise.all(sent);
    for (const { id, method, status, text } of got) {
      if (method === 'POST' && status === 503)
        expect(text).toContain(`ended during POST /_extensions/_hello/slow/${id}, which may have been executed`);
      else expect({ id, status, text }).toEqual({ id, status: 200, text: String(id) });
    }
    const posts = readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('POST '));
    expect(new Set(posts).size).toBe(posts.length);
    expect(got.filter(({ status }) => status === 503).length).toBeGreaterThan(0);
    expect(supervised.count('requestReplayed')).toBeGreaterThan(0);
    expect(await supervised.next('workerExited', 1)).toMatchObject({ signal: 'SIGKILL', restartInMs: 0 });
  });

  test('repeats a POST with replay: all', async () => {
    await using supervised = new SupervisedFile();
    supervised.write(
      `let runs = 0; ext.post('/slow', async () => { if (process.env.X !== 'y') throw new Error('no env'); await sleep(300); return String(++runs); });`,
    );
    await supervised.start({ replay: 'all', env: { X: 'y' } });
    const host = await supervised.host();
    const answer = host.rest('/slow', { method: 'POST' });
    await new Promise((resolve) => setTimeout(resolve, 150));
    process.kill(supervised.supervisor.pid ?? 0, 'SIGKILL');
    expect(await answer).toMatchObject({ status: 200, text: '1' });
  });

  test('holds requests until the next one serves, and a bounded number of them', async () => {
    await using supervised = new SupervisedFile();
    supervised.write(HELLO('one'));
    await supervised.start({ maxHeld: 2 });
    const host = await supervised.host();
    await host.rest('/hello/x');
    process.kill(supervised.supervisor.pid ?? 0, 'SIGKILL');
    await supervised.next('workerExited', 1);
    const got = await Promise.all([1, 2, 3].map(() => host.rest('/hello/x', { method: 'GET' })));
    expect(got.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 200, 503]);
  });
});

test('no request is lost while workers are swapped under load', async () => {
  await using supervised = new SupervisedFile();
  supervised.write(`ext.post('/count', async () => { await sleep(20); return 'ok'; });`);
  await supervised.start({ watch: false });
  const host = await supervised.host();
  let isOver = false;
  const statuses = new Map<number, number>();
  const caller = async (): Promise<void> => {
    while (!isOver) {
      const { status } = await host.rest('/count', { method: 'POST' });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  const callers = Array.from({ length: 8 }, caller);
  for (let round = 0; round < 3; round++) await supervised.supervisor.reload();
  isOver = true;
  await Promise.all(callers);
  expect([...statuses.keys()]).toEqual([200]);
  expect(supervised.count('requestReplayed')).toBe(0);
});
