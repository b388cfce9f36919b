import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const OSTP = fileURLToPath(new URL('../../dist/cli/ostp.js', import.meta.url));
const SESSION = fileURLToPath(new URL('../vectors/session.pcap', import.meta.url));

/** The program itself, as it is installed: needs the built package (`npm run build`). */
function ostp(...args: string[]) {
  const child = spawn(process.execPath, [OSTP, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  const printed = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text));
  const done = new Promise<{ exit: number | null; signal: string | null; stdout: string; stderr: string }>((resolve) => {
    child.once('close', (exit, signal) => resolve({ exit, signal, ...printed }));
  });
  return { child, printed, done };
}

describe.skipIf(!existsSync(OSTP))('the program', () => {
  test('decodes a capture', async () => {
    const { done } = ostp('decode', SESSION, '--brief');
    expect(await done).toMatchObject({ exit: 0, stderr: '', stdout: expect.stringContaining('internal:tcp/handshake') as string });
  });

  test('ends quietly when nobody reads any more', async () => {
    const { child, done } = ostp('decode', SESSION, '--full');
    child.stdout.once('data', () => child.stdout.destroy());
    expect(await done).toMatchObject({ exit: 0, stderr: '' });
  });

  test('the codec port, too', async () => {
    const { child, done } = ostp('codec');
    child.stdin.on('error', () => {});
    child.stdout.once('data', () => {
      child.stdout.destroy();
      for (let i = 0; i < 100; i++) child.stdin.write('{"op":"ping"}\n');
    });
    child.stdin.write('{"op":"ping"}\n');
    expect(await done).toMatchObject({ exit: 0, stderr: '' });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s stops a server, which exits with 0', async (signal) => {
    const { child, done } = ostp('serve', '0');
    child.stdout.once('data', () => child.kill(signal));
    expect(await done).toMatchObject({ exit: 0, signal: null, stderr: '' });
  });

  test('SIGTERM ends what is not done with 143', async () => {
    const { child, done } = ostp('codec');
    child.stdout.once('data', () => child.kill('SIGTERM'));
    child.stdin.write('{"op":"ping"}\n');
    expect(await done).toMatchObject({ exit: 143, signal: null, stderr: '' });
  });

  test('Ctrl-C ends it while it waits for input', async () => {
    const { child, done } = ostp('codec');
    child.stdout.once('data', () => child.kill('SIGINT'));
    child.stdin.write('{"op":"ping"}\n');
    expect(await done).toMatchObject({ exit: 130, signal: null, stderr: '' });
  });
});
