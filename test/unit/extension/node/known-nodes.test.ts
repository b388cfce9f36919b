import { expect, test } from 'vitest';
import { HostNode } from '../../../../src/extension/node/host-node.ts';
import { KnownNodes } from '../../../../src/extension/node/known-nodes.ts';
import { V_2_19_0, V_3_9_0 } from '../../../../src/protocol/wire/version.ts';
import type { PeerChannel } from '../../../../src/transport/call/peer-channel.ts';
import { extensionNode } from '../../../support/extension-node.ts';

function channelOf(host: string): PeerChannel & { end(): void } {
  const ending = new AbortController();
  const remote = { host, port: 1 };
  return { remote, local: remote, peerVersion: null, ended: ending.signal, call: () => Promise.reject(), end: () => ending.abort() };
}

function nodeOf(id: string, channel: PeerChannel, { nodeId = 'n', name = 'ext', dependencies = 0 } = {}): HostNode {
  const required = Array.from({ length: dependencies }, (_, n) => ({ uniqueId: `d${n}`, version: V_2_19_0 }));
  return new HostNode(
    {
      sourceNode: { id: nodeId, name: 'node', versionId: V_3_9_0, address: { ip: '0a000001', host: '10.0.0.1', port: 9300 } },
      extension: extensionNode({ id, name, dependencies: required }),
      serviceAccountHeader: 'secret',
    },
    channel,
  );
}

test('the host with the most nodes loses its oldest when too many are known', () => {
  const nodes = new KnownNodes(() => undefined);
  nodes.add(nodeOf('genuine', channelOf('10.0.0.1')));
  for (let i = 0; i < 1000; i++) nodes.add(nodeOf(`claimed${i}`, channelOf('10.0.0.2')));
  expect(nodes.size).toBe(256);
  const ids = Array.from(nodes.ids());
  expect(ids[0]).toBe('genuine');
  expect(ids[1]).toBe('claimed745');
  expect(ids.at(-1)).toBe('claimed999');
});

test('a node is forgotten with the channel that it initialised last', () => {
  const left: string[] = [];
  const nodes = new KnownNodes(({ uniqueId }) => left.push(uniqueId));
  const [before, now] = [channelOf('10.0.0.1'), channelOf('10.0.0.1')];
  nodes.add(nodeOf('a', before));
  nodes.add(nodeOf('b', before));
  nodes.add(nodeOf('a', now));
  before.end();
  expect(left).toEqual(['b']);
  now.end();
  expect(left).toEqual(['b', 'a']);
  expect(nodes.nodes).toEqual([]);
});

test('several nodes may give the same unique id', () => {
  const nodes = new KnownNodes(() => undefined);
  const [one, two] = [channelOf('10.0.0.1'), channelOf('10.0.0.2')];
  nodes.add(nodeOf('a', one, { nodeId: 'one' }));
  nodes.add(nodeOf('a', two, { nodeId: 'two' }));
  expect(nodes.nodes.map(({ nodeId }) => nodeId)).toEqual(['one', 'two']);
  expect([...nodes.ids()]).toEqual(['a']);
  expect(nodes.first.nodeId).toBe('one');
  one.end();
  expect(nodes.first.nodeId).toBe('two');
  expect([...nodes.ids()]).toEqual(['a']);
  two.end();
  expect([...nodes.ids()]).toEqual([]);
  expect(() => nodes.first).toThrow('no node is connected to the extension: call initialize(), or wait for the event initialized');
});

test('a connection that claims to be another node each time is one node, and registers once', () => {
  const nodes = new KnownNodes(() => undefined);
  const channel = channelOf('10.0.0.1');
  const news = ['x', 'y', 'z'].map((nodeId) => nodes.add(nodeOf('a', channel, { nodeId })));
  expect(news).toEqual([true, false, false]);
  expect(nodes.nodes.map(({ nodeId }) => nodeId)).toEqual(['z']);
});

test('ids that are taken over by another channel do not let the first register more', () => {
  const nodes = new KnownNodes(() => undefined);
  const [first, second] = [channelOf('10.0.0.1'), channelOf('10.0.0.1')];
  for (let i = 0; i < 8; i++) {
    expect(nodes.add(nodeOf(`id${i}`, first))).toBe(true);
    expect(nodes.add(nodeOf(`id${i}`, second))).toBe(true);
  }
  expect(nodes.add(nodeOf('id0', first))).toBe(false);
  expect(() => nodes.add(nodeOf('id8', first))).toThrow('the extension accepts at most 8 unique ids on one connection');
  second.end();
  first.end();
  expect(nodes.nodes).toEqual([]);
});

test('ids and names may be as long as the names of routes', () => {
  const channel = channelOf('10.0.0.1');
  expect(nodeOf('i'.repeat(256), channel, { name: 'e'.repeat(256) }).extensionName).toHaveLength(256);
  expect(() => nodeOf('i'.repeat(257), channel)).toThrow('the unique id of an extension must have at most 256 characters, got 257');
  expect(() => nodeOf('b', channel, { name: 'e'.repeat(257) })).toThrow('the name of an extension must have at most');
  expect(() => nodeOf('b', channel, { nodeId: 'n'.repeat(257) })).toThrow('the id of a node must have at most');
  expect(() => nodeOf('b', channel, { dependencies: 257 })).toThrow('an extension must have at most 256 dependencies, got 257');
});

test('a host node tells its dependencies, and never shows its token', async () => {
  const { inspect } = await import('node:util');
  const node = nodeOf('a', channelOf('10.0.0.1'), { dependencies: 1 });
  expect(node.requiredExtensions).toEqual([{ uniqueId: 'd0', version: '2.19.0' }]);
  expect(node.serviceToken).toBe('secret');
  expect(inspect(node, { showHidden: true }) + JSON.stringify(node)).not.toContain('secret');
});
