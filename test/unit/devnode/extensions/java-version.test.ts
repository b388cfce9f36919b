import { expect, test } from 'vitest';
import { parseJavaVersion } from '../../../../src/devnode/extensions/java-version.ts';
import { V_2_19_0, V_2_19_6, V_3_9_0, V_LEGACY_7_10_2, versionId } from '../../../../src/protocol/wire/version.ts';

test('versions are read as nodes read them', () => {
  for (const own of [V_2_19_6, V_3_9_0]) {
    expect(parseJavaVersion('2.19.0', own)).toBe(V_2_19_0);
    expect(parseJavaVersion('2.19.0-rc1', own)).toBe(versionId(2, 19, 0, 51));
    expect(parseJavaVersion('3.0.0.beta2', own)).toBe(versionId(3, 0, 0, 27));
  }
  expect(parseJavaVersion('7.10.2', V_2_19_6)).toBe(V_LEGACY_7_10_2);
  expect(parseJavaVersion('7.10.2', V_3_9_0)).toBe(versionId(7, 10, 2));
});

test.each([
  ['2.19', 'the version needs to contain major, minor, and revision, and optionally the build: 2.19'],
  ['1.2.3.4.5', 'the version needs to contain major, minor, and revision, and optionally the build: 1.2.3.4.5'],
  ['2.19.0-SNAPSHOT', 'illegal version format - snapshot labels are not supported'],
  ['2.19.0.5', 'unable to parse version 2.19.0.5'],
  ['2.19.0-rc', 'unable to parse version 2.19.0-rc'],
])('%s is refused in the words of both lines', (text, words) => {
  expect(() => parseJavaVersion(text, V_2_19_6)).toThrow(new RangeError(words));
  expect(() => parseJavaVersion(text, V_3_9_0)).toThrow(new RangeError(words));
});

test('what is not a number is refused in the words of each line', () => {
  expect(() => parseJavaVersion('x.y.z', V_2_19_6)).toThrow(new RangeError('For input string: "x"'));
  expect(() => parseJavaVersion('-1.0.0', V_2_19_6)).toThrow(new RangeError('For input string: ""'));
  expect(() => parseJavaVersion('x.y.z', V_3_9_0)).toThrow(new RangeError('unable to parse version x.y.z'));
  expect(() => parseJavaVersion('2.19.100', V_3_9_0)).toThrow(new RangeError('Version parts must be <= 99'));
});
