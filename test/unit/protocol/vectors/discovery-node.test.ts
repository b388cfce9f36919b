import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../../../src/inspect/codec-port/registry.ts';
import { decode, encode } from '../../../../src/protocol/codec/codec.ts';
import { parseVersion } from '../../../../src/protocol/wire/version.ts';
import { valueVectors } from '../../../support/value-vectors.ts';
import { goldenVectors, releases } from '../../../vectors/load.ts';

const { types } = createRegistry();

function typeNamed(name: string) {
  const type = types.get(name);
  if (type === undefined) throw new Error(`no type ${name}`);
  return type;
}

describe.each(releases)('nodes as %s writes them', (release) => {
  const nodes = valueVectors('discoveryNode').filter((vector) => vector.release === release);

  it.each(nodes)('$id', ({ type: name, version: text, value, decoded, hex }) => {
    const type = typeNamed(name);
    const version = parseVersion(text);
    expect(encode(type.codec, type.fromForm(value, version), { version }).toString('hex')).toBe(hex);
    expect(type.toForm(decode(type.codec, Buffer.from(hex, 'hex'), { version }), version)).toEqual(decoded);
  });

  const clusters = goldenVectors(release).filter(({ kind }) => kind === 'discoveryNodes');

  it.each(clusters)('$id', ({ streamVersion, value, hex }) => {
    const { type: name, value: form } = value as { type: string; value: { nodes: { id: string }[]; clusterManagerNodeId: string | null } };
    const type = typeNamed(name);
    const version = parseVersion(streamVersion ?? release);
    const bytes = Buffer.from(hex, 'hex');

    const decoded = decode(type.codec, bytes, { version }) as typeof form;
    expect(decoded.clusterManagerNodeId).toBe(form.clusterManagerNodeId ?? null);
    expect(decoded.nodes.map(({ id }) => id).sort()).toEqual(form.nodes.map(({ id }) => id).sort());
    expect(encode(type.codec, type.fromForm(form, version), { version })).toHaveLength(bytes.length);
  });
});
