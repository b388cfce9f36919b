import { UsageError } from '../protocol/error/transport-error.ts';

/** An OpenSearch release that can be booted. */
export interface Release {
  /** Version in Maven coordinates, for example `3.9.0`. */
  readonly version: string;
  readonly major: number;
  readonly minor: number;
  /** Lowest major version of Java this release runs on. */
  readonly javaAtLeast: number;
}

/** Digits, letters and dots only: the text becomes part of a pom and of a folder name. */
const VERSION = /^(\d{1,3})\.(\d{1,3})\.\d{1,3}(?:-[0-9A-Za-z]+(?:\.[0-9A-Za-z]+)*)?$/;

/**
 * Parses a version as Maven writes it.
 *
 * @throws ERR_USAGE if it is not `major.minor.patch`, or older than 2.2, the first release with its Netty transport among the artefacts
 * @see realnode.md
 */
export function parseRelease(version: string): Release {
  const [, majorText, minorText] = VERSION.exec(version) ?? [];
  if (majorText === undefined || minorText === undefined) {
    throw new UsageError('ERR_USAGE', {}, `the version must be major.minor.patch, for example 3.9.0, got ${JSON.stringify(version)}`);
  }
  const major = Number(majorText);
  const minor = Number(minorText);
  if (major < 2 || (major === 2 && minor < 2)) {
    throw new UsageError('ERR_USAGE', {}, `OpenSearch ${version} cannot be booted from Maven artefacts; use 2.2.0 or later`);
  }
  return { version, major, minor, javaAtLeast: major >= 3 ? 21 : 11 };
}
