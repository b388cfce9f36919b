import type { LinkCapabilities } from './link.ts';

/** Capabilities of every byte stream. */
export const STREAM_CAPABILITIES: LinkCapabilities = Object.freeze({
  ordered: true,
  reliable: true,
  duplex: true,
  boundaries: false,
  maxMessageBytes: Number.POSITIVE_INFINITY,
  secure: false,
});

/** A byte stream inside TLS. */
export const SECURE_STREAM_CAPABILITIES: LinkCapabilities = Object.freeze({ ...STREAM_CAPABILITIES, secure: true });

/** A writer is told to wait when this many bytes are queued: the size of one outgoing slab. @see performance.md L1, L13 */
export const HIGH_WATER_BYTES = 64 * 1024;

/** Default of `lingerMs`: time that `close()` gives the peer to read queued bytes and to close its end, in milliseconds. */
export const DEFAULT_LINGER_MS = 5_000;
