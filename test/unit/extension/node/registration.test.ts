import { afterEach, expect, test, vi } from 'vitest';
import { HostNode } from '../../../../src/extension/node/host-node.ts';
import { Registration } from '../../../../src/extension/node/registration.ts';
import { V_3_9_0 } from '../../../../src/protocol/wire/version.ts';
import { extensionNode } from '../../../support/extension-node.ts';

afterEach(() => vi.useRealTimers());

function hostOf(ended: AbortSignal): HostNode {
  const remote = { host: '10.0.0.1', port: 1 };
  return new HostNode(
    {
      sourceNode: { id: 'n', name: 'node', versionId: V_3_9_0, address: { ip: '0a000001', host: '10.0.0.1', port: 9300 } },
      extension: extensionNode({ id: 'a', name: 'ext' }),
      serviceAccountHeader: null,
    },
    { remote, local: remote, peerVersion: null, ended, call: () => Promise.reject() },
  );
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

test('steps run in their order, and the first that fails ends the registration', async () => {
  const registration = new Registration();
  const host = hostOf(new AbortController().signal);
  const ran: string[] = [];
  registration.add(async ({ uniqueId }) => void ran.push(`first of ${uniqueId}`));
  await registration.run(host);
  registration.add(() => Promise.reject(new Error('no')));
  registration.add(async () => void ran.push('third'));
  await expect(registration.run(host)).rejects.toThrow('no');
  expect(ran).toEqual(['first of a', 'first of a']);
});

test('the signal of a step fires when the connection ends and when the time is over', async () => {
  vi.useFakeTimers();
  const registration = new Registration();
  registration.add((_host, signal) => untilAborted(signal));
  const ending = new AbortController();
  const lost = expect(registration.run(hostOf(ending.signal))).rejects.toThrow('gone');
  ending.abort(new Error('gone'));
  await lost;
  await expect(registration.run(hostOf(ending.signal))).rejects.toThrow('gone');
  const late = expect(registration.run(hostOf(new AbortController().signal))).rejects.toMatchObject({
    code: 'ERR_DEADLINE',
    message: 'the node did not acknowledge the registration within 30000 ms',
  });
  await vi.advanceTimersByTimeAsync(30_000);
  await late;
  expect(vi.getTimerCount()).toBe(0);
});
