import { UsageError } from '../error/transport-error.ts';

/** The bit that OpenSearch ids have and Elasticsearch ids do not have. @see wire-format.md §6.1 */
const MASK = 0x08000000;

/** Build number of a release. Lower numbers are alphas (0–24), betas (25–49) and release candidates (51–98). */
const RELEASE = 99;

/**
 * A version as its id on the wire: `(major × 1 000 000 + minor × 10 000 + revision × 100 + build) XOR 0x08000000`, an i32 in
 * frame headers and a vInt elsewhere. Ids compare as the versions do.
 *
 * @see wire-format.md §6.1
 */
export type VersionId = number;

/** Returns the id of an OpenSearch release. */
export function versionId(major: number, minor: number, revision: number, build: number = RELEASE): VersionId {
  return (major * 1_000_000 + minor * 10_000 + revision * 100 + build) ^ MASK;
}

/** The id 0, which stands for a missing version. */
export const V_EMPTY: VersionId = 0;
/** The id a 2.x node puts in the header of its own handshake request: Elasticsearch 7.9.99, unmasked. @see wire-format.md §6.3 */
export const V_LEGACY_7_9_99: VersionId = 7_099_999;
/** The id a 1.x node puts in the header of its own handshake request: Elasticsearch 6.7.99, unmasked. */
export const V_LEGACY_6_7_99: VersionId = 6_079_999;
/** Elasticsearch 6.8.0. A 2.x node answers a handshake under it as Elasticsearch 7.10.2. */
export const V_LEGACY_6_8_0: VersionId = 6_080_099;
/** Elasticsearch 7.6.0, the first version whose frames say how long their variable header is. */
export const V_LEGACY_7_6_0: VersionId = 7_060_099;
export const V_LEGACY_7_10_2: VersionId = 7_100_299;
const V_LEGACY_7_10_0: VersionId = 7_100_099;
export const V_1_0_0: VersionId = versionId(1, 0, 0);
export const V_2_0_0: VersionId = versionId(2, 0, 0);
export const V_2_4_0: VersionId = versionId(2, 4, 0);
export const V_2_5_0: VersionId = versionId(2, 5, 0);
export const V_2_6_0: VersionId = versionId(2, 6, 0);
export const V_2_10_0: VersionId = versionId(2, 10, 0);
export const V_2_11_0: VersionId = versionId(2, 11, 0);
export const V_2_14_0: VersionId = versionId(2, 14, 0);
export const V_2_17_0: VersionId = versionId(2, 17, 0);
export const V_2_19_0: VersionId = versionId(2, 19, 0);
export const V_2_19_6: VersionId = versionId(2, 19, 6);
export const V_3_0_0: VersionId = versionId(3, 0, 0);
export const V_3_1_0: VersionId = versionId(3, 1, 0);
export const V_3_2_0: VersionId = versionId(3, 2, 0);
export const V_3_7_0: VersionId = versionId(3, 7, 0);
export const V_3_9_0: VersionId = versionId(3, 9, 0);
export const V_4_0_0: VersionId = versionId(4, 0, 0);

/** Returns true for ids of OpenSearch, false for those of Elasticsearch and for 0. */
export function isOpenSearchVersion(id: VersionId): boolean {
  return (id & MASK) !== 0;
}

/** The parts of a version. */
export interface VersionParts {
  readonly major: number;
  readonly minor: number;
  readonly revision: number;
  /** 99 for a release. */
  readonly build: number;
  /** True for an id without the OpenSearch bit. */
  readonly legacy: boolean;
}

/** Splits an id into its parts. */
export function versionParts(id: VersionId): VersionParts {
  const legacy = !isOpenSearchVersion(id);
  const release = legacy ? id : id ^ MASK;
  return {
    major: Math.trunc(release / 1_000_000),
    minor: Math.trunc(release / 10_000) % 100,
    revision: Math.trunc(release / 100) % 100,
    build: release % 100,
    legacy,
  };
}

/** Returns the text OpenSearch prints for an id: `2.19.0`, `3.0.0-beta1`. Legacy ids have the same form (`7.9.99`). */
export function versionText(id: VersionId): string {
  const { major, minor, revision, build } = versionParts(id);
  return `${major}.${minor}.${revision}${qualifier(build)}`;
}

function qualifier(build: number): string {
  if (build === RELEASE) return '';
  if (build < 25) return `-alpha${build}`;
  if (build < 50) return `-beta${build - 25}`;
  return `-rc${build - 50}`;
}

const PATTERN = /^(\d{1,2})\.(\d{1,2})\.(\d{1,2})(?:-(alpha|beta|rc)(\d{1,2}))?$/;
const FIRST_BUILD = { alpha: 0, beta: 25, rc: 50 } as const;

/**
 * Parses a version such as `2.19.6` or `3.0.0-rc1`. Returns a number unchanged, as an id. Majors 5 to 7 are Elasticsearch's.
 *
 * @throws ERR_USAGE if the text is not a version
 */
export function parseVersion(text: string | number): VersionId {
  if (typeof text === 'number') return text;
  const match = PATTERN.exec(text);
  if (match === null) throw new UsageError('ERR_USAGE', {}, `expected a version such as 2.19.6 or 3.0.0-rc1, got '${text}'`);
  const [, major, minor, revision, stage, number] = match;
  const build = stage === undefined ? RELEASE : FIRST_BUILD[stage as keyof typeof FIRST_BUILD] + Number(number);
  const release = Number(major) * 1_000_000 + Number(minor) * 10_000 + Number(revision) * 100 + build;
  const legacy = Number(major) >= 5 && Number(major) <= 7;
  return legacy ? release : release ^ MASK;
}

/** Returns the older of two versions, which is the one two peers speak with each other. */
export function minVersion(a: VersionId, b: VersionId): VersionId {
  return a < b ? a : b;
}

/**
 * Returns the oldest version that is compatible with `version`, as a node of release `own` computes it (`Version.minimumCompatibilityVersion`).
 *
 * @param own release whose rules apply: 2.x and 3.x nodes differ, and each knows only releases up to its own
 * @see wire-format.md §6.2
 */
export function minimumCompatibility(version: VersionId, own: VersionId = V_3_9_0): VersionId {
  const { major, legacy } = versionParts(version);
  if (versionParts(own).major >= 3) {
    if (major < 3) return minVersion(version, V_1_0_0);
    if (major === 3) return V_2_19_0;
    return major === 4 ? firstOfMinor(own) : version;
  }
  if (legacy) return major >= 8 ? version : minVersion(version, V_LEGACY_6_8_0);
  // An id of Elasticsearch 7 that went through the mask.
  if (major === 7) return V_LEGACY_6_8_0;
  if (major === 1) return V_LEGACY_6_8_0;
  if (major === 2) return V_LEGACY_7_10_0;
  return major === 3 ? firstOfMinor(own) : version;
}

function firstOfMinor(id: VersionId): VersionId {
  const { major, minor } = versionParts(id);
  return versionId(major, minor, 0);
}

/** Returns `a.isCompatible(b)` as a node of release `own` computes it. @see wire-format.md §6.2 */
export function isCompatible(a: VersionId, b: VersionId, own: VersionId = V_3_9_0): boolean {
  return a >= minimumCompatibility(b, own) && b >= minimumCompatibility(a, own);
}

/** Says whether a genuine node accepts a frame, with the text of its refusal. */
export interface HeaderVerdict {
  readonly accepted: boolean;
  readonly error?: string;
}

/**
 * Returns how a genuine node of release `own` treats the version id of an incoming frame header.
 *
 * @see wire-format.md §6.5
 */
export function judgeHeaderVersion(own: VersionId, version: VersionId, handshake: boolean): HeaderVerdict {
  const line3 = versionParts(own).major >= 3;
  let seen = version;
  if (line3 && version === V_LEGACY_7_9_99) seen = V_1_0_0;
  else if (line3 && version !== V_EMPTY && !isOpenSearchVersion(version)) {
    return { accepted: false, error: `Unsupported version [ES ${versionText(version)}]` };
  }
  if (!line3 && version === V_LEGACY_6_7_99) return { accepted: true };
  const reference = handshake ? minimumCompatibility(own, own) : own;
  if (isCompatible(seen, reference, own)) return { accepted: true };
  const minimum = handshake ? reference : minimumCompatibility(reference, own);
  return {
    accepted: false,
    error: `Received ${handshake ? 'handshake ' : ''}message from unsupported version: [${versionText(seen)}] minimal compatible version is: [${versionText(minimum)}]`,
  };
}
