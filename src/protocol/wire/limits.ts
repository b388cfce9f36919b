/** Upper bounds on what a peer can make this end allocate. Every length from a peer is checked against one of them before anything is allocated. */
export interface WireLimits {
  /** Largest frame accepted, in bytes after the length field. @default 104_857_600 (100 MiB) */
  readonly maxFrameBytes: number;
  /** Largest variable header accepted, in bytes. @default 1_048_576 (1 MiB) */
  readonly maxHeaderBytes: number;
  /** Largest body accepted after inflating, in bytes. @default 104_857_600 (100 MiB) */
  readonly maxInflatedBytes: number;
  /**
   * How many times its compressed size a body may inflate to. Bodies of up to 64 KiB after inflating are accepted whatever their ratio. Nodes compress
   * with level 3, which makes equal bytes 229 times smaller and equal documents up to 160 times. @default 250
   */
  readonly maxInflationRatio: number;
  /** Largest message accepted whose body is a stream, in bytes. @default 2_147_483_647, the largest value of the length field */
  readonly maxStreamBytes: number;
  /**
   * Largest memory that the values of one body may take, in bytes: about what they take in the heap, counted while they are read. It also bounds how
   * long reading one body stops the process. For bodies of peers that connected to this end it is half,
   * because anyone may connect. For the exception in an error response it is halved once more. The length of a body limits its values, too: to 1 MiB plus
   * 32 bytes for each byte of the body. If a peer that connected to this end compressed the body, they are also limited to 128 KiB plus 1 KiB for each
   * compressed byte. The lowest limit applies. @default 67_108_864 (64 MiB)
   */
  readonly maxDecodedBytes: number;
}

const MIB = 1024 * 1024;

/** The limits used unless an option says otherwise. */
export const DEFAULT_LIMITS: WireLimits = Object.freeze({
  maxFrameBytes: 100 * MIB,
  maxHeaderBytes: MIB,
  maxInflatedBytes: 100 * MIB,
  maxInflationRatio: 250,
  maxStreamBytes: 0x7fff_ffff,
  maxDecodedBytes: 64 * MIB,
});

/** Largest body after inflating to which `maxInflationRatio` does not apply, in bytes. */
export const UNRATED_INFLATED_BYTES: number = 64 * 1024;

/** Deepest nesting of generic values, as in OpenSearch 3.9.0. @see wire-format.md §8.6 */
export const MAX_GENERIC_DEPTH = 1000;

/** Deepest chain of causes and suppressed exceptions read from a peer. OpenSearch writes at most 100 nested
 * causes of the JDK's and Lucene's classes that have an encoding of their own. @see wire-format.md §4.5 */
export const MAX_EXCEPTION_DEPTH = 200;

/** Deepest nesting of recursive structures other than generic values and exceptions. */
export const MAX_NESTING_DEPTH = 200;

/** Longest decimal text of a big integer that is parsed. The limit is there because parsing takes more than linear time. */
export const MAX_BIG_INTEGER_DIGITS = 10_000;
