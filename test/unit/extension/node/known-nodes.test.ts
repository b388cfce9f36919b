import { expect, test } from 'vitest';
import type { HostNode } from '../../../../src/extension/extension-options.ts';
import { KnownNodes } from '../../../../src/extension/node/known-nodes.ts';
import type { PeerChannel } from '../../../../src/transport/call/peer-channel.ts';

function channelOf(host: string): PeerChannel & { end(): void } {
  const ending = new AbortController();
  const remote = { host, port: 1 };
  return { remote, local: remote, peerVersion: null, ended: ending.signal, call: () => Promise.reject(), end: () => ending.abort() };
}

const nodeOf = (uniqueId: string): HostNode => ({ name: 'node', version: '3.9.0', extensionName: 'ext', uniqueId });

test('the host with the most nodes loses its oldest when too many are known', () => {
  const nodes = new KnownNodes(() => undefined);
  nodes.add(nodeOf('genuine'), channelOf('10.0.0.1'));
  for (let i = 0; i < 1000; i++) nodes.add(nodeOf(`claimed${i}`), channelOf('10.0.0.2'));
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
  nodes.add(nodeOf('a'), before);
  nodes.add(nodeOf('b'), before);
  nodes.add(nodeOf('a'), now);
  before.end();
  expect(left).toEqual(['b']);
  now.end();
  expect(left).toEqual(['b', 'a']);
  expect(nodes.nodes).toEqual([]);
});

test('ids that are taken over by another channel do not let the first register more', () => {
  const nodes = new KnownNodes(() => undefined);
  const [first, second] = [channelOf('10.0.0.1'), channelOf('10.0.0.1')];
  for (let i = 0; i < 8; i++) {
    nodes.add(nodeOf(`id${i}`), first);
    expect(nodes.beginRegistration(`id${i}`, first)).toBe(true);
    nodes.add(nodeOf(`id${i}`), second);
  }
  expect(nodes.beginRegistration('id0', first)).toBe(false);
  expect(() => nodes.add(nodeOf('id8'), first)).toThrow('the extension accepts at most 8 unique ids on one connection');
  nodes.endRegistration('id0', first);
  nodes.add(nodeOf('id8'), first);
  expect(nodes.beginRegistration('id8', first)).toBe(true);
});

test('ids and names may be as long as the names of routes', () => {
  const nodes = new KnownNodes(() => undefined);
  const channel = channelOf('10.0.0.1');
  nodes.add({ ...nodeOf('i'.repeat(256)), extensionName: 'e'.repeat(256) }, channel);
  expect(() => nodes.add(nodeOf('i'.repeat(257)), channel)).toThrow(
    'the unique id of an extension must have at most 256 characters, got 257',
  );
  expect(() => nodes.add({ ...nodeOf('b'), extensionName: 'e'.repeat(257) }, channel)).toThrow(
    'the name of an extension must have at most',
  );
});
