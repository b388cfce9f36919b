import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { SupervisedFile } from '../support/supervised-node.ts';

const PARENT = fileURLToPath(new URL('../support/supervising-parent.mjs', import.meta.url));

interface Told {
  readonly type: string;
  readonly pid?: number;
  readonly restartInMs?: number;
}

let parent: ChildProcess | null = null;

afterEach(() => {
  parent?.kill('SIGKILL');
  parent = null;
});

/** Starts a supervisor in a process of its own, and returns the events of one type once there are so many. */
function supervising(file: string, type: string, count: number, execArgv: readonly string[] = []): Promise<readonly Told[]> {
  const child = fork(PARENT, [file, ...execArgv], { execArgv: [] });
  parent = child;
  const told: Told[] = [];
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.on('message', (event: Told) => {
      if (event.type === type && told.push(event) === count) resolve(told);
    });
  });
}

/** Returns whether a process runs; one that has ended and is not collected yet does not. */
function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

test.runIf(process.platform === 'linux').each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
  '%s ends the supervisor and its worker',
  async (signal) => {
    await using supervised = new SupervisedFile();
    supervised.write("ext.get('/x', () => 'x');");
    const [started] = await supervising(supervised.file, 'workerStarted', 1);
    const pid = started?.pid ?? 0;
    expect(isRunning(pid)).toBe(true);
    const ended = new Promise((resolve) => parent?.once('exit', (_code, by) => resolve(by)));
    parent?.kill(signal);
    expect(await ended).toBe(signal);
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
  },
  30_000,
);

test('a worker that always ends is started again after longer and longer waits', async () => {
  await using supervised = new SupervisedFile();
  supervised.write('setTimeout(() => process.exit(3), 20);');
  const exits = await supervising(supervised.file, 'workerExited', 4);
  expect(exits.map(({ restartInMs }) => restartInMs)).toEqual([0, 200, 400, 800]);
}, 60_000);

test('the worker gets the options of Node.js that the supervisor was given', async () => {
  await using supervised = new SupervisedFile();
  supervised.write("if (process.title !== 'the-worker') process.exit(1);");
  const [started] = await supervising(supervised.file, 'workerStarted', 1, ['--title=the-worker']);
  expect(started?.pid).toBeGreaterThan(0);
}, 30_000);
