import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../../src/protocol/error/transport-error.ts';
import {
  isOpenSearchVersion,
  judgeHeaderVersion,
  minVersion,
  parseVersion,
  V_2_19_0,
  V_2_19_6,
  V_3_9_0,
  V_EMPTY,
  V_LEGACY_7_9_99,
  versionText,
} from '../../../../src/protocol/wire/version.ts';

describe('versions', () => {
  it.each([
    ['2.19.0', 136407827],
    ['3.0.0-alpha1', 137217729],
    ['3.0.0-beta1', 137217754],
    ['3.0.0-rc1', 137217779],
    ['7.9.99', 7099999],
  ])('%s is %i both ways', (text, id) => {
    expect(parseVersion(text)).toBe(id);
    expect(versionText(id)).toBe(text);
  });

  it.each(['', '2', '2.19', '2.19.0.1', 'v2.19.0', '2.19.x', '3.0.0-gamma1', '100.0.0'])('%j is none', (text) => {
    expect(() => parseVersion(text)).toThrow(UsageError);
  });

  it('compare as numbers, every OpenSearch above every Elasticsearch', () => {
    expect(minVersion(V_3_9_0, V_2_19_0)).toBe(V_2_19_0);
    expect(minVersion(V_LEGACY_7_9_99, V_2_19_0)).toBe(V_LEGACY_7_9_99);
    expect([isOpenSearchVersion(V_2_19_0), isOpenSearchVersion(V_LEGACY_7_9_99), isOpenSearchVersion(V_EMPTY)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('a 3.x node takes 7.9.99 for 1.0.0: in a handshake only', () => {
    expect(judgeHeaderVersion(V_3_9_0, V_LEGACY_7_9_99, true)).toEqual({ accepted: true });
    expect(judgeHeaderVersion(V_3_9_0, V_LEGACY_7_9_99, false)).toEqual({
      accepted: false,
      error: 'Received message from unsupported version: [1.0.0] minimal compatible version is: [2.19.0]',
    });
  });

  it.each([V_2_19_6, V_3_9_0])('nobody (%i) takes 0', (own) => {
    expect(judgeHeaderVersion(own, V_EMPTY, true).accepted).toBe(false);
    expect(judgeHeaderVersion(own, V_EMPTY, false).accepted).toBe(false);
  });
});
