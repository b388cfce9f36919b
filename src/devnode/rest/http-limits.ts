/** Limits of the HTTP front. */
export interface HttpLimits {
  /** Longest request line, in bytes. @default 4096 */
  readonly maxInitialLine: number;
  /** Largest headers of a request together, in bytes. @default 16_384 (16 KiB), for 2.x 8192 */
  readonly maxHeaderSize: number;
  /** Largest body, in bytes. @default 104_857_600 (100 MiB) */
  readonly maxContentLength: number;
  /** Upper bound on the bytes of bodies of all requests that are served. @default 268_435_456 (256 MiB) */
  readonly maxInFlightBytes: number;
  /** Upper bound on requests that are served. @default 10_000 */
  readonly maxInFlight: number;
  /** Upper bound on open connections; further ones are closed. @default 1_000 */
  readonly maxConnections: number;
  /** Time for the headers of a request, in milliseconds. @default 30_000 */
  readonly headersTimeoutMs: number;
  /** Time for a whole request with its body, in milliseconds. @default 300_000 */
  readonly requestTimeoutMs: number;
}

/** The limits of a genuine node, and for what it does not bound, generous ones. */
export const DEFAULT_HTTP_LIMITS: HttpLimits = {
  maxInitialLine: 4096,
  maxHeaderSize: 16 * 1024,
  maxContentLength: 100 * 1024 * 1024,
  maxInFlightBytes: 256 * 1024 * 1024,
  maxInFlight: 10_000,
  maxConnections: 1000,
  headersTimeoutMs: 30_000,
  requestTimeoutMs: 300_000,
};
