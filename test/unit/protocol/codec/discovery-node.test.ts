import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../../../src/protocol/codec/codec.ts';
import { discoveryNode, discoveryNodes, discoveryNodeWithAttributes } from '../../../../src/protocol/codec/discovery-node.ts';
import { nodeRoles, toNodeRole } from '../../../../src/protocol/codec/node-role.ts';
import { DecodeError, UsageError } from '../../../../src/protocol/error/transport-error.ts';
import { V_1_0_0, V_2_0_0, V_2_17_0, V_3_0_0, V_3_2_0, V_3_9_0 } from '../../../../src/protocol/wire/version.ts';

const address = { ip: '7f000001', host: '127.0.0.1', port: 9300 };
const node = {
  name: 'n',
  id: 'i',
  ephemeralId: 'e',
  hostName: 'h',
  hostAddress: 'a',
  address,
  streamAddress: { ...address, port: 9400 },
  attributes: { zone: 'a' },
  roles: ['data'],
  versionId: V_3_9_0,
};

describe('a discovery node', () => {
  it('carries its stream address from 3.2.0 on', () => {
    expect(decode(discoveryNode, encode(discoveryNode, node, { version: V_3_2_0 }), { version: V_3_2_0 }).streamAddress?.port).toBe(9400);
    expect(decode(discoveryNode, encode(discoveryNode, node, { version: V_3_0_0 }), { version: V_3_0_0 }).streamAddress).toBeNull();
  });

  it('carries its attributes below 2.17.0, and in the form with attributes', () => {
    const before = V_2_17_0 - 100;
    expect(decode(discoveryNode, encode(discoveryNode, node, { version: before }), { version: before }).attributes).toEqual({ zone: 'a' });
    expect(decode(discoveryNode, encode(discoveryNode, node, { version: V_2_17_0 }), { version: V_2_17_0 }).attributes).toEqual({});
    expect(decode(discoveryNode, encode(discoveryNodeWithAttributes, node)).attributes).toEqual({ zone: 'a' });
  });

  it('may lack what has a default', () => {
    const { attributes: _, roles: __, streamAddress: ___, ...least } = node;
    expect(decode(discoveryNode, encode(discoveryNode, least))).toEqual({ ...least, attributes: {}, roles: [], streamAddress: null });
  });

  it('names the field that is missing', () => {
    const { address: _, ...without } = node;
    expect(() => encode(discoveryNodes, { nodes: [without as never] })).toThrow(/^nodes\[0\]\.address: /);
  });

  it('cut anywhere is a DecodeError', () => {
    const bytes = encode(discoveryNodes, { clusterManagerNodeId: 'i', nodes: [node] });
    for (let end = 0; end < bytes.length; end++) expect(() => decode(discoveryNodes, bytes.subarray(0, end))).toThrow(DecodeError);
  });
});

describe('roles', () => {
  it('are known by name, or given in full', () => {
    expect(toNodeRole('search')).toEqual({ name: 'search', abbreviation: 's', canContainData: true });
    expect(toNodeRole('ml')).toEqual({ name: 'ml', abbreviation: 'ml', canContainData: false });
    expect(toNodeRole({ name: 'ml', abbreviation: 'l' })).toEqual({ name: 'ml', abbreviation: 'l', canContainData: false });
    expect(() => toNodeRole({} as never)).toThrow(UsageError);
    expect(() => encode(nodeRoles, 'data' as never)).toThrow(UsageError);
  });

  it('stand in ascending order of name', () => {
    const names = decode(nodeRoles, encode(nodeRoles, ['warm', 'data', { name: 'Z' }])).map(({ name }) => name);
    expect(names).toEqual(['Z', 'data', 'warm']);
  });

  it('cluster_manager is master below 2.0.0, in the place of its own name', () => {
    const bytes = encode(nodeRoles, ['data', 'cluster_manager'], { version: V_1_0_0 });
    expect(bytes.subarray(2, 8).toString()).toBe('master');
    expect(decode(nodeRoles, bytes, { version: V_1_0_0 }).map(({ name }) => name)).toEqual(['data', 'master']);
    expect(encode(nodeRoles, ['cluster_manager'], { version: V_2_0_0 }).subarray(2, 17).toString()).toBe('cluster_manager');
  });

  it('nobody knows pass as they are', () => {
    const role = { name: 'x', abbreviation: '\ud83d', canContainData: true };
    expect(decode(nodeRoles, encode(nodeRoles, [role]))).toEqual([role]);
  });
});
