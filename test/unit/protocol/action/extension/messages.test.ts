import { describe, expect, test } from 'vitest';
import type { AnyAction } from '../../../../../src/protocol/action/define-action.ts';
import * as extension from '../../../../../src/protocol/action/extension/extension.ts';
import { extensionClusterState, extensionEnvironmentSettings } from '../../../../../src/protocol/action/extension/extension-info.ts';
import { initializeExtension, restExecuteOnExtension } from '../../../../../src/protocol/action/extension/node-to-extension.ts';
import { extensionMessages } from '../../../../../src/protocol/action/extension/messages.ts';
import { registerRestActions } from '../../../../../src/protocol/action/extension/extension-to-node.ts';
import { type Codec, decode, encode } from '../../../../../src/protocol/codec/codec.ts';
import { V_2_19_0, versionId } from '../../../../../src/protocol/wire/version.ts';
import { actionNames, releases } from '../../../../vectors/load.ts';

const extensionActions: readonly AnyAction[] = Object.values(extension);

const V_2_9_0 = versionId(2, 9, 0);

describe('the actions of extensions', () => {
  test.each(releases)('are all that %s registers about them', (release) => {
    const registered = actionNames(release).filter((name) => /extensions|^internal:discovery\/(?!request_peers)/.test(name));
    const ours = new Set(extensionActions.map(({ name }) => name));
    expect(registered).toHaveLength(10);
    expect(registered.filter((name) => !ours.has(name))).toEqual([]);
  });

  test('have names of their own', () => {
    expect(new Set(extensionActions.map(({ name }) => name)).size).toBe(extensionActions.length);
  });
});

describe('a question of an extension', () => {
  test('is of the type of its action unless it says otherwise', () => {
    expect(encode(extensionEnvironmentSettings.request, { uniqueId: 'hi' }).toString('hex')).toBe('080a040a0268691004');
    expect(encode(extensionEnvironmentSettings.request, { requestType: 'GET_SETTINGS' }).toString('hex')).toBe('021008');
  });

  test('about the cluster state without an identity is an empty byte array', () => {
    expect(encode(extensionClusterState.request, {}).toString('hex')).toBe('00');
    expect(decode(extensionClusterState.request, Buffer.from('00', 'hex'))).toEqual({
      uniqueId: null,
      requestType: 'REQUEST_EXTENSION_CLUSTER_STATE',
    });
  });

  test('may carry an identity without an id', () => {
    expect(decode(extensionClusterState.request, Buffer.from('020a00', 'hex')).uniqueId).toBe('');
    expect(encode(extensionClusterState.request, { uniqueId: '' }).toString('hex')).toBe('020a00');
  });

  test('of a type nobody knows is refused', () => {
    expect(() => decode(extensionClusterState.request, Buffer.from('021063', 'hex'))).toThrow(
      expect.objectContaining({ code: 'ERR_DECODE', path: ['requestType'], message: 'Unknown RequestType [99]' }),
    );
    expect(() => encode(extensionClusterState.request, { requestType: 'X' as never })).toThrow(
      expect.objectContaining({
        code: 'ERR_USAGE',
        message: expect.stringContaining('requestType: expected a value of RequestType (one of '),
      }),
    );
  });
});

describe('an initialise request', () => {
  const node = {
    name: 'n',
    id: 'i',
    ephemeralId: 'e',
    hostName: 'h',
    hostAddress: 'a',
    address: { ip: '7f000001', host: 'h', port: 1 },
    versionId: V_2_19_0,
  };
  const value = { sourceNode: node, extension: { ...node, minimumCompatibleVersionId: V_2_19_0 } };

  test('ends with an empty token unless there is one', () => {
    const options = { version: V_2_19_0 };
    const bytes = encode(initializeExtension.request, value, options);
    expect(decode(initializeExtension.request, bytes, options).serviceAccountHeader).toBe('');
  });

  test('of an old node ends without a token, and stays so', () => {
    const options = { version: V_2_9_0 };
    const bytes = encode(initializeExtension.request, { ...value, serviceAccountHeader: null }, options);
    const read = decode(initializeExtension.request, bytes, options);
    expect(read).toMatchObject({ serviceAccountHeader: null, extension: { id: 'i', dependencies: [] } });
    expect(encode(initializeExtension.request, read, options)).toEqual(bytes);
  });
});

describe('a REST request', () => {
  const value = { method: 'POST', uri: '/u', path: '/p', mediaType: 'application/yaml' } as const;

  test('names its media type from 2.10.0 on, and counts it before', () => {
    expect(encode(restExecuteOnExtension.request, value, { version: V_2_19_0 }).toString('hex')).toContain(
      '0110' + Buffer.from('application/yaml').toString('hex'),
    );
    expect(encode(restExecuteOnExtension.request, value, { version: V_2_9_0 }).toString('hex')).toBe(
      '01' + '022f75' + '022f70' + '00' + '00' + '0102' + '00' + '00' + '01',
    );
  });

  test('of another media type cannot be sent before 2.10.0', () => {
    expect(() => encode(restExecuteOnExtension.request, { ...value, mediaType: 'text/plain' }, { version: V_2_9_0 })).toThrow(
      expect.objectContaining({
        code: 'ERR_USAGE',
        message: expect.stringContaining('mediaType: expected a value of XContentType (one of '),
      }),
    );
  });
});

test('lists of routes are checked before they are written', () => {
  expect(() => encode(registerRestActions.request, { uniqueId: 'x', restActions: ['GET / a', 1] as never })).toThrow(
    expect.objectContaining({ code: 'ERR_USAGE', message: 'restActions[1]: expected a string, got 1' }),
  );
});

test('a request body begins with the parent task, which may be left out', () => {
  const body = extensionMessages['ExtensionActionRequest'] as Codec<unknown, unknown>;
  expect(encode(body, { action: 'a', requestBytes: new Uint8Array() }).toString('hex')).toBe('00030a0161');
  const parentTask = { nodeId: 'n', id: 7 };
  expect(decode(body, encode(body, { parentTask, action: 'a', requestBytes: Buffer.from([1]) }))).toEqual({
    parentTask,
    action: 'a',
    requestBytes: Buffer.from([1]),
  });
});
