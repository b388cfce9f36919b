import { afterAll, beforeAll, expect, test } from 'vitest';
import { portRegistry } from '../../src/inspect/codec-port/port-registry.ts';
import type { PortType } from '../../src/inspect/codec-port/port-type.ts';
import { decode, encode } from '../../src/protocol/codec/codec.ts';
import { parseVersion, type VersionId } from '../../src/protocol/wire/version.ts';
import { type JavaClasses, startJavaClasses } from '../support/interop-java.ts';
import { describeReleases } from '../support/interop-node.ts';

/** How many random values of each type. */
const VALUES = 30;

/** Exceptions have more kinds than other types: each registered class comes several times. */
const EXCEPTIONS = 400;

const VALUE_TYPES = [
  'boolean short int vInt long vLong vLongNoCheck zLong float double string optionalString text byteArray bigInteger instant zoneId',
  'genericValue exception timeValue settings transportAddress discoveryNode discoveryNodeWithAttributes indicesOptions build',
]
  .join(' ')
  .split(' ');

const MESSAGES = [
  ...['cluster:monitor/main', 'cluster:monitor/nodes/liveness', 'internal:transport/handshake'].map((name) => `response:${name}`),
  ...['indices:admin/delete', 'internal:tcp/handshake'].map((name) => `request:${name}`),
  ...[
    'cluster:monitor/health',
    'indices:data/read/get',
    'indices:data/write/index',
    'indices:data/write/delete',
    'indices:data/write/update',
    'indices:data/write/bulk',
    'indices:admin/refresh',
    'indices:admin/create',
  ].flatMap((name) => [`request:${name}`, `response:${name}`]),
  ...[
    'InitializeExtensionRequest',
    'InitializeExtensionResponse',
    'RegisterRestActionsRequest',
    'ExtensionRestRequest',
    'RestExecuteOnExtensionResponse',
    'ExtensionRequest',
    'ExtensionDependencyResponse',
    'RegisterTransportActionsRequest',
    'TransportActionRequestFromExtension',
    'RemoteExtensionActionResponse',
    'WriteableSetting',
    'RegisterCustomSettingsRequest',
    'UpdateSettingsRequest',
  ].map((name) => `extension:${name}`),
];

await describeReleases('random values of the released classes', (release) => {
  const peerVersion = parseVersion(release);
  let java: JavaClasses;
  let versions: readonly VersionId[];

  beforeAll(async () => {
    java = await startJavaClasses(release);
    versions = (await java.ask('versions')).versions ?? [];
  });
  afterAll(() => java?.close());

  const versionOf = (seed: number): VersionId => versions[seed % versions.length] as VersionId;

  test.each([...VALUE_TYPES, ...MESSAGES])('%s', async (name) => {
    const { codec, toForm, fromForm } = portRegistry.types.get(name) as PortType;
    const seeds = Array.from({ length: name === 'exception' ? EXCEPTIONS : VALUES }, (_, seed) => seed);
    await Promise.all(
      seeds.map(async (seed) => {
        const version = versionOf(7 * seed);
        const written = await java.ask('write', name, version, seed);
        const bytes = Buffer.from(written.hex ?? '', 'hex');
        const value = decode(codec, bytes, { version, peerVersion });

        // Their bytes are ours, but for the order of maps; their value is ours where they tell it.
        const form: unknown = JSON.parse(JSON.stringify(toForm(value, version)));
        if (written.value !== null) expect(form, `seed ${seed}`).toEqual(written.value);
        await expectSame(name, version, encode(codec, value, { version, peerVersion }), bytes);
        await expectSame(name, version, encode(codec, fromForm(form, version), { version, peerVersion }), bytes);

        // What we write for a node of any other release they read to its end.
        const other = versionOf(11 * seed);
        const read = await java.ask('read', name, other, encode(codec, value, { version: other, peerVersion }).toString('hex'));
        expect(read.rest, `seed ${seed}`).toBe(0);
      }),
    );
  });

  /** Other bytes are right when they are as many and read to their end: a map may be written in any order. */
  async function expectSame(name: string, version: VersionId, actual: Buffer, expected: Buffer): Promise<void> {
    if (actual.equals(expected)) return;
    expect(actual.toString('hex')).toHaveLength(2 * expected.length);
    expect(await java.ask('read', name, version, actual.toString('hex'))).toMatchObject({ rest: 0 });
    expect(Buffer.from(actual).sort().equals(Buffer.from(expected).sort())).toBe(true);
  }
});
