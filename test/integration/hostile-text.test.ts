import { format } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import { extension } from '../../src/extension/extension.ts';
import { defineAction } from '../../src/protocol/action/define-action.ts';
import { empty } from '../../src/protocol/codec/primitives.ts';
import { V_2_19_0 } from '../../src/protocol/wire/version.ts';
import { tcp } from '../../src/transport/carrier/tcp.ts';
import { createServer } from '../../src/transport/server/server.ts';
import { ScriptedNode } from '../support/interop-scripted-node.ts';
import { until } from '../support/raw-peer.ts';

/** ESC, C1, a mark of direction, a zero-width space, and a line that looks like ours. */
const EVIL = 'a\u001b[2J\u009b31m\u202e\u200b\nWarning: forged\r';
const ONE_SAFE_LINE = /^(?!.*[\p{Cc}\u200b\u202e]).*$/u;

const logged = vi.hoisted((): unknown[][] => []);
vi.mock('../../src/transport/call/debug-log.ts', () => ({
  debug: Object.assign((...line: unknown[]) => void logged.push(line), { enabled: true }),
}));
const emitWarning = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
  emitWarning.mockClear();
});

test('process warnings of an extension are one line that is safe on a terminal', async () => {
  const ext = extension({
    port: 0,
    interceptors: [
      (next) => (call) => {
        if (Object.hasOwn(call.context.headers, EVIL)) throw new Error(EVIL);
        return next(call);
      },
    ],
  });
  open.push({ close: () => ext.close({ drainMs: 0 }) });
  ext.get('/{name}', () => {
    throw new Error(EVIL);
  });
  const { port } = await ext.listen();
  const node = await ScriptedNode.dial(tcp(), port, { name: EVIL, verdict: new Error(EVIL) });
  open.push(node);
  await node.shakeHands(V_2_19_0);
  await node.initialise(EVIL);
  await until('the refused routes', () => emitWarning.mock.calls.length === 1);
  await node.execute(EVIL, `GET /x`, { path: `/${EVIL}` });
  await expect(node.execute(EVIL, 'GET /x', {}, { requestHeaders: { [EVIL]: EVIL } })).rejects.toThrow('a');
  await until('the failures', () => emitWarning.mock.calls.length === 3);
  const warnings = emitWarning.mock.calls.map(([text]) => String(text));
  expect(warnings.map((text) => text.split(' ')[0])).toEqual(['node', 'GET', 'the']);
  for (const text of warnings) expect(text).toMatch(ONE_SAFE_LINE);
  for (const text of warnings) expect(text).toContain(String.raw`\nWarning: forged`);
});

test('process warnings of listeners are safe, and so is their detail', async () => {
  const failing = (): void => {
    throw Object.assign(new Error(EVIL), { peer: EVIL });
  };
  const server = createServer({ onEvent: failing });
  open.push({ close: () => server.close({ drainMs: 0 }) });
  const { port } = await server.listen(0);
  open.push(await ScriptedNode.dial(tcp(), port, { sockets: 1 }));
  await until('the warning', () => emitWarning.mock.calls.length > 0);
  const [text, { detail }] = emitWarning.mock.calls[0] as unknown as [string, { detail: string }];
  expect(text).toMatch(ONE_SAFE_LINE);
  for (const line of detail.split('\n')) expect(line).toMatch(ONE_SAFE_LINE);
});

test('lines of the debug log are safe', async () => {
  const server = createServer();
  open.push({ close: () => server.close({ drainMs: 0 }) });
  const { port } = await server.listen(0);
  const node = await ScriptedNode.dial(tcp(), port, { sockets: 1 });
  open.push(node);
  await node.shakeHands(V_2_19_0);
  const evil = defineAction({ name: `demo:${EVIL}`, request: empty, response: empty });
  await expect(node.ask(evil, undefined)).rejects.toThrow('demo:a');
  const lines = logged.map((line) => format(...line));
  expect(lines.filter((line) => line.includes('request refused'))).toEqual([expect.stringContaining(String.raw`\u001b[2J\u009b31m`)]);
  for (const line of lines) expect(line).toMatch(ONE_SAFE_LINE);
});
