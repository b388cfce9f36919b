import { parseVersion, type VersionId } from '../../protocol/wire/version.ts';

/** Least part after the third dot for each stage of a release. */
const STAGES = /^(alpha|beta|rc)\d*$/;

/**
 * Parses a version as a node does: three numbers, and a stage such as `rc1`.
 *
 * @throws RangeError with the words of a node
 */
export function parseJavaVersion(text: string): VersionId {
  if (text.endsWith('-SNAPSHOT')) throw new RangeError('illegal version format - snapshot labels are not supported');
  const parts = text.split(/[.-]/);
  if (parts.length < 3 || parts.length > 4)
    throw new RangeError(`the version needs to contain major, minor, and revision, and optionally the build: ${text}`);
  const [major = '', minor = '', revision = '', stage] = parts;
  const areNumbers = [major, minor, revision].every((part) => /^\d{1,4}$/.test(part));
  if (!areNumbers || (stage !== undefined && !STAGES.test(stage))) throw new RangeError(`unable to parse version ${text}`);
  return parseVersion(`${major}.${minor}.${revision}${stage === undefined ? '' : `-${withNumber(stage)}`}`);
}

/** A stage without a number is the first of its kind. */
function withNumber(stage: string): string {
  return /\d$/.test(stage) ? stage : `${stage}0`;
}
