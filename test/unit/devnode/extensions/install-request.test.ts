import { expect, test } from 'vitest';
import {
  checkInstallMembers,
  describeExtension,
  InstallRefusal,
  installMembers,
  portOf,
  versionsOf,
} from '../../../../src/devnode/extensions/install-request.ts';
import { V_2_19_0, V_2_19_6, V_3_9_0 } from '../../../../src/protocol/wire/version.ts';

const BODY = {
  name: 'n',
  uniqueId: 'u',
  hostAddress: '127.0.0.1',
  port: 4500,
  version: '1.0.0',
  opensearchVersion: '2.19.0',
  minimumCompatibleVersion: '2.0.0',
  dependencies: [{ uniqueId: 'other', version: '2.19.6' }],
  'any.other': {},
};

test('members are read as text, numbers as well', () => {
  const members = installMembers(BODY, V_3_9_0);
  expect(members).toMatchObject({ port: '4500', dependencies: [{ uniqueId: 'other', version: V_2_19_6 }] });
  checkInstallMembers(members);
  expect(describeExtension(members)).toBe(
    'Extension [name=n, uniqueId=u, hostAddress=127.0.0.1, port=4500, version=1.0.0, opensearchVersion=2.19.0, minimumCompatibleVersion=2.0.0]',
  );
  expect(versionsOf(members, V_3_9_0).opensearch).toBe(V_2_19_0);
});

const refusal = (words: string) => new InstallRefusal(words);

test.each([
  [{ ...BODY, dependencies: [{}] }, 'Required field [uniqueId] is missing in the request for the dependent extension'],
  [{ ...BODY, dependencies: [{ uniqueId: 'x' }] }, 'Required field [version] is missing in the request for the dependent extension'],
  [
    { name: 'n' },
    'Extension is missing these required fields : [uniqueId, hostAddress, port, version, opensearchVersion, minimumCompatibleVersion]',
  ],
])('what is missing is named', (body, words) => {
  expect(() => installMembers(body, V_3_9_0)).toThrow(refusal(words));
});

test.each([
  [{ ...BODY, uniqueId: null }, 500, 'null_pointer_exception', 'Cannot invoke "Object.toString()"'],
  [{ ...BODY, dependencies: 5 }, 500, 'class_cast_exception', 'class java.lang.Integer cannot be cast to class java.util.Collection'],
  [{ ...BODY, dependencies: [5] }, 500, 'class_cast_exception', 'class java.lang.Integer cannot be cast to class java.util.HashMap'],
  [{ ...BODY, dependencies: [{ uniqueId: 'x', version: '2' }] }, 400, 'illegal_argument_exception', 'the version needs to contain'],
])('what has the wrong type is refused as Java does', (body, status, remoteType, words) => {
  expect(() => installMembers(body, V_3_9_0)).toThrow(
    expect.objectContaining({ status, remoteType, reason: expect.stringContaining(words) }),
  );
});

test('empty and overlong members, ports and versions are refused', () => {
  const members = installMembers(BODY, V_3_9_0);
  expect(() => checkInstallMembers({ ...members, uniqueId: '' })).toThrow(
    refusal('Required field [extension uniqueId] is missing in the request'),
  );
  expect(() => checkInstallMembers({ ...members, name: 'n'.repeat(1025) })).toThrow('name must have at most 1024 characters, got 1025');
  expect(() => portOf('x')).toThrow(refusal('For input string: "x"'));
  expect(() => portOf('99999999999')).toThrow(refusal('For input string: "99999999999"'));
  expect(() => portOf('70000')).toThrow(refusal('port out of range:70000'));
  expect(portOf('0')).toBe(0);
  expect(() => versionsOf({ ...members, minimumCompatibleVersion: '3.0.0' }, V_2_19_6)).toThrow(
    refusal('Extension minimumCompatibleVersion: 3.0.0 is greater than current OpenSearch version: 2.19.6'),
  );
});
