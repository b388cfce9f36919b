import { V_3_0_0, type VersionId, versionId } from '../../protocol/wire/version.ts';

/** Build of a final release, and first builds of the stages before it. */
const RELEASE = 99;
const FIRST_BUILD = { alpha: 0, beta: 25, rc: 50 } as const;
const STAGE = /^(alpha|beta|rc)(\d{1,2})$/;

/** Greatest part that nodes of 3.x take. Those of 2.x have no bound; ours is that of an id. */
const MAX_PART = 99;
const MAX_MAJOR = 2000;

/** First major release that nodes of 2.x take for one of Elasticsearch. */
const FIRST_LEGACY_MAJOR = 4;

/**
 * Parses a version as a node does: three numbers, and a stage such as `rc1`.
 *
 * @param own release of the node: the words of 2.x and 3.x differ, and 2.x takes majors from 4 on for Elasticsearch's, which are older than its own
 * @throws RangeError with the words of a node
 */
export function parseJavaVersion(text: string, own: VersionId): VersionId {
  if (text.endsWith('-SNAPSHOT')) throw new RangeError('illegal version format - snapshot labels are not supported');
  const parts = text.split(/[.-]/);
  if (parts.length < 3 || parts.length > 4)
    throw new RangeError(`the version needs to contain major, minor, and revision, and optionally the build: ${text}`);
  const isOf3 = own >= V_3_0_0;
  const wrong = parts.slice(0, 3).find((part) => !/^\d{1,4}$/.test(part));
  if (wrong !== undefined) throw new RangeError(isOf3 ? `unable to parse version ${text}` : `For input string: "${wrong}"`);
  const [major = 0, minor = 0, revision = 0] = parts.slice(0, 3).map(Number);
  const build = buildOf(parts[3], text);
  if (isOf3 && Math.max(major, minor, revision) > MAX_PART) throw new RangeError(`Version parts must be <= ${MAX_PART}`);
  if (major > MAX_MAJOR) throw new RangeError(`unable to parse version ${text}`);
  return !isOf3 && major >= FIRST_LEGACY_MAJOR
    ? major * 1_000_000 + minor * 10_000 + revision * 100 + build
    : versionId(major, minor, revision, build);
}

function buildOf(stage: string | undefined, text: string): number {
  if (stage === undefined) return RELEASE;
  const match = STAGE.exec(stage);
  if (match === null) throw new RangeError(`unable to parse version ${text}`);
  return FIRST_BUILD[match[1] as keyof typeof FIRST_BUILD] + Number(match[2]);
}
