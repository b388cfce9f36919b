import { describe, expect, test } from 'vitest';
import { warningOf } from '../../../../src/extension/extension-warning.ts';
import { httpLoopsOf, watchSharedLoops } from '../../../../src/extension/node/event-loops.ts';
import type { HostNode } from '../../../../src/extension/node/host-node.ts';

const signal = new AbortController().signal;

/** A node that says with which settings it was started. */
function node(nodeId: string, settings: () => Promise<Record<string, unknown>>): HostNode {
  return { name: `name of ${nodeId}`, nodeId, uniqueId: 'hello', channel: { call: settings } } as unknown as HostNode;
}

const started = (settings: Record<string, unknown>) => () => Promise.resolve(settings);

async function told(...nodes: HostNode[]): Promise<string[]> {
  const ids: string[] = [];
  const step = watchSharedLoops(({ nodeId }) => ids.push(nodeId));
  for (const each of nodes) {
    await step(each, signal);
    await new Promise(setImmediate);
  }
  return ids;
}

test.each([
  [undefined, 0],
  ['0', 0],
  ['16', 16],
  ['', 0],
  ['-1', 0],
  ['x', 0],
  [null, 0],
  [['8'], 0],
])('http.netty.worker_count %j gives HTTP %i event loops of its own', (value, count) => {
  expect(httpLoopsOf(value)).toBe(count);
});

describe('a node whose HTTP shares event loops', () => {
  test('is told of when the setting is absent or 0, once for each node', async () => {
    const zero = node('zero', started({ 'http.netty.worker_count': '0' }));
    expect(await told(node('absent', started({})), zero, zero, node('eight', started({ 'http.netty.worker_count': '8' })))).toEqual([
      'absent',
      'zero',
    ]);
  });

  test('is not told of when it does not say', async () => {
    expect(await told(node('silent', () => Promise.reject(new Error('no handler'))))).toEqual([]);
  });

  test('does not hold up the registration', async () => {
    expect(await told(node('slow', () => new Promise(() => undefined)))).toEqual([]);
  });

  test('is at most one of 256: any peer can claim to be a node', async () => {
    const many = Array.from({ length: 300 }, (_, i) => node(`node${i}`, started({})));
    expect(await told(...many)).toHaveLength(256);
  });

  test('has a warning that says what happens and what to do', () => {
    const warning = warningOf({ type: 'sharedEventLoops', node: node('a', started({})) });
    expect(warning).toBe(
      'node name of a: http.netty.worker_count is 0: HTTP and transport share event loops, so that calls of the extension may end with a false status 408 after 10 seconds; ' +
        'start the node with http.netty.worker_count: 8 (1 or more, 8 to 32 is sensible)',
    );
  });
});
