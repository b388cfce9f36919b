import { access, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CancelledError, DeadlineError, EnvironmentError, UsageError } from '../../../src/protocol/error/transport-error.ts';
import { startRealNode } from '../../../src/realnode/real-node.ts';
import { fakeMachine, type FakeMachine } from './fake-machine.ts';

const version = '3.9.0';

/** A machine whose artefacts resolve and whose Java runs `body`, after noting its process id and its folder. */
async function machineWithNode(body: string): Promise<FakeMachine & { pid(): Promise<number>; home(): Promise<string> }> {
  const machine = await fakeMachine();
  await machine.addJdk('jdk-21', '21.0.7', `echo "$$" > ${machine.root}/pid; pwd > ${machine.root}/home; ${body}`);
  const jars = await machine.addJars('log4j-api-2.25.5.jar');
  await machine.addMaven(`printf %s '${jars.join(delimiter)}' > classpath.txt`);
  const noted = async (name: string) => (await readFile(join(machine.root, name), 'utf8')).trim();
  return { ...machine, pid: async () => Number(await noted('pid')), home: () => noted('home') };
}

async function expectGone(machine: Awaited<ReturnType<typeof machineWithNode>>): Promise<void> {
  const pid = await machine.pid();
  expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
  await expect(access(await machine.home())).rejects.toThrow(/ENOENT/);
}

test.each([
  [{ version: 'latest' }, 'ERR_USAGE'],
  [{ version, httpPort: 70_000 }, 'ERR_CONFIG'],
  [{ version, transportPort: -1 }, 'ERR_CONFIG'],
  [{ version, heapMb: 0 }, 'ERR_CONFIG'],
  [{ version, readyTimeoutMs: Number.NaN }, 'ERR_CONFIG'],
  [{ version, settings: { 'path.home': '/x' } }, 'ERR_CONFIG'],
])('%j is refused', async (options, code) => {
  const started = startRealNode(options);
  await expect(started).rejects.toThrow(UsageError);
  await expect(started).rejects.toMatchObject({ code });
});

test('a fired signal starts nothing', async () => {
  await expect(startRealNode({ version, signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
});

describe.skipIf(process.platform === 'win32')('a node', () => {
  test('without Java or Maven says what to do', async () => {
    await using machine = await fakeMachine();
    await expect(startRealNode({ version, ...machine.surroundings })).rejects.toMatchObject({
      code: 'ERR_ENVIRONMENT',
      message: 'OpenSearch 3.9.0 cannot start: no JDK 21 or later was found; install one, or set JAVA_HOME',
    });
    await machine.addJdk('jdk-21', '21.0.7');
    await expect(startRealNode({ version, ...machine.surroundings })).rejects.toThrow(/no Maven found/);
  });

  test('that dies early is quoted, and its folder removed', async () => {
    await using machine = await machineWithNode('echo "java.lang.IllegalArgumentException: unknown setting [x.y]" >&2; exit 3');
    const started = startRealNode({ version, ...machine.surroundings });
    await expect(started).rejects.toThrow(EnvironmentError);
    await expect(started).rejects.toThrow(/ended before it was ready \(exit code 3\)[^]*unknown setting \[x\.y\]/);
    await expectGone(machine);
  });

  test.each([
    ['BindHttpException[Failed to bind to 127.0.0.1:9201]; nested: BindException[Address already in use];', 'port 9201 is already in use'],
    ['BindTransportException[Failed to bind to [::1]:9301]; nested: BindException[Address already in use];', 'port 9301 is already in use'],
    [
      'BindTransportException[Failed to bind to 127.0.0.1:[9300-9400]]; nested: BindException[Address already in use];',
      'ports 9300-9400 are already in use',
    ],
    [
      'org.opensearch.http.BindHttpException: Failed to bind to 127.0.0.1:9202\njava.net.BindException: Address already in use',
      'port 9202 is already in use',
    ],
    ['java.net.BindException: Address already in use', 'a port is already in use'],
  ])('whose port is taken says which, and nothing of Java: %s', async (line, text) => {
    const stack = `echo '${line}' >&2; echo '        at java.base/sun.nio.ch.Net.bind0(Native Method)' >&2; exit 1`;
    await using machine = await machineWithNode(stack);
    const started = startRealNode({ version, ...machine.surroundings, httpPort: 9201 });
    await expect(started).rejects.toMatchObject({
      name: 'DialError',
      code: 'ERR_ADDRESS_IN_USE',
      message: `the node cannot listen: ${text}; choose another, or 0 for any free one`,
      cause: { code: 'ERR_ENVIRONMENT', message: expect.stringContaining('Net.bind0') },
    });
    await expectGone(machine);
  });

  test('whose address is of another machine is no matter of ports', async () => {
    const line = 'BindHttpException[Failed to bind to 192.0.2.1:9200]; nested: BindException[Cannot assign requested address];';
    await using machine = await machineWithNode(`echo '${line}' >&2; exit 1`);
    await expect(startRealNode({ version, ...machine.surroundings })).rejects.toMatchObject({
      code: 'ERR_ENVIRONMENT',
      message: expect.stringContaining('Cannot assign requested address'),
    });
  });

  test('that is never ready is killed at the deadline', async () => {
    await using machine = await machineWithNode('echo "waiting for discovery"; exec /bin/sleep 30');
    const started = startRealNode({ version, ...machine.surroundings, readyTimeoutMs: 700 });
    await expect(started).rejects.toThrow(DeadlineError);
    await expect(started).rejects.toThrow(/waited 700 ms for OpenSearch 3\.9\.0 to become ready[^]*waiting for discovery/);
    await expectGone(machine);
  });

  test('that binds and then dies does not keep its caller waiting', async () => {
    await using machine = await machineWithNode(
      `echo '{"http":{"host":"127.0.0.1","port":1},"transport":{"host":"127.0.0.1","port":1}}'; /bin/sleep 0.3; echo fatal; exit 1`,
    );
    await expect(startRealNode({ version, ...machine.surroundings })).rejects.toThrow(/ended before it was ready[^]*fatal/);
    await expectGone(machine);
  });

  test('is killed when its caller loses patience', async () => {
    await using machine = await machineWithNode('echo started; exec /bin/sleep 30');
    const caller = new AbortController();
    const onLog = (line: string) => line === 'started' && caller.abort('enough');
    const started = startRealNode({ version, ...machine.surroundings, signal: caller.signal, onLog });
    await expect(started).rejects.toMatchObject({ code: 'ERR_CANCELLED', cause: 'enough' });
    await expectGone(machine);
  });
});
