/** What differs between the lines of releases besides what the version of a stream says. */
export interface ReleaseLine {
  /** Release of Lucene, which is not on the wire. */
  readonly lucene: string;
  /** True if each HTTP answer has the header `X-OpenSearch-Version`. */
  readonly hasVersionHeader: boolean;
  /** Largest headers of an HTTP request, in bytes. */
  readonly maxHeaderSize: number;
}

/** By the first number of the release. @see genuine 2.19.6 and 3.9.0 */
const LINES: Readonly<Record<number, ReleaseLine>> = {
  2: { lucene: '9.12.3', hasVersionHeader: false, maxHeaderSize: 8192 },
  3: { lucene: '10.5.1', hasVersionHeader: true, maxHeaderSize: 16_384 },
};

/** Returns the first number of a release. */
export function majorOf(release: string): number {
  return Number.parseInt(release, 10);
}

/** Returns what is special about the line of a release; an unknown line is like the newest. */
export function lineOf(release: string): ReleaseLine {
  return LINES[majorOf(release)] ?? (LINES[3] as ReleaseLine);
}
