import { describe, expect, it } from 'vitest';
import {
  isCompatible,
  judgeHeaderVersion,
  minimumCompatibility,
  parseVersion,
  V_LEGACY_7_9_99,
  versionText,
} from '../../../../src/protocol/wire/version.ts';
import { StreamInput } from '../../../../src/protocol/wire/stream-input.ts';
import { goldenVectors, releases } from '../../../vectors/load.ts';

interface VersionFacts {
  readonly id: number;
  readonly text?: string;
  readonly minimumCompatibility?: string;
  readonly compatibleWithThisNode?: boolean;
  readonly acceptedInHandshakeHeader?: boolean;
  readonly acceptedInOtherHeader?: boolean;
  readonly handshakeError?: string | null;
  readonly otherError?: string | null;
  /** Thrown for an id this release cannot even hold. */
  readonly error?: string;
}

const verdict = (accepted: boolean | undefined, error: string | null | undefined) => (accepted ? { accepted } : { accepted, error });

describe.each(releases)('versions as %s sees them', (release) => {
  const own = parseVersion(release);
  const vectors = goldenVectors(release)
    .filter(({ check }) => check === 'version')
    .map(({ id, value, hex }) => ({ id, hex, facts: value as unknown as VersionFacts }));
  const known = vectors.filter(({ facts }) => facts.error === undefined);
  const unknown = vectors.filter(({ facts }) => facts.error !== undefined && facts.id !== V_LEGACY_7_9_99);

  it.each(vectors)('$id has its bytes', ({ facts, hex }) => {
    const input = new StreamInput(Buffer.from(hex, 'hex'));
    expect(input.readInt()).toBe(facts.id);
    if (input.remaining > 0) expect(input.readVInt()).toBe(facts.id);
  });

  it.each(known)('$id has its text', ({ facts }) => {
    expect(versionText(facts.id)).toBe(facts.text);
    expect(parseVersion(facts.text ?? '')).toBe(facts.id);
  });

  it.each(known)('$id in headers', ({ facts }) => {
    expect(judgeHeaderVersion(own, facts.id, true)).toEqual(verdict(facts.acceptedInHandshakeHeader, facts.handshakeError));
    expect(judgeHeaderVersion(own, facts.id, false)).toEqual(verdict(facts.acceptedInOtherHeader, facts.otherError));
  });

  it.each(known.filter(({ facts }) => facts.minimumCompatibility !== undefined))('$id and its minimum', ({ facts }) => {
    expect(versionText(minimumCompatibility(facts.id, own))).toBe(facts.minimumCompatibility);
    expect(isCompatible(facts.id, own, own)).toBe(facts.compatibleWithThisNode);
  });

  it.each(unknown)('$id is refused with the text of OpenSearch', ({ facts }) => {
    const error = facts.error?.split('UnsupportedVersionException: ')[1];
    expect(judgeHeaderVersion(own, facts.id, true)).toEqual({ accepted: false, error });
    expect(judgeHeaderVersion(own, facts.id, false)).toEqual({ accepted: false, error });
  });
});
