import { whyNotWithoutFeatures, withoutFeatures } from './without-features.ts';
import { ownPeer } from './own-peer.ts';
import type { Peer } from './peer.ts';

/** This project with its defaults: what a user gets. */
export const opensearchTransport: Peer = ownPeer({
  name: 'opensearch-transport',
  stalls: true,
  parts: ['call', 'bulk', 'memory', 'features', 'scaling'],
});

/** Large bodies given back once they are done with: `release` on the client, `releaseWhenAnswered` on the server. */
export const released: Peer = ownPeer({ name: 'opensearch-transport, released', parts: ['bulk'], releases: true });

/** The variants whose cost is compared with the default. */
export const noDeadline: Peer = ownPeer({
  name: 'without deadlines',
  parts: ['features'],
  options: { timeoutMs: Number.POSITIVE_INFINITY },
});

/** One signal for all calls. */
export const sharedSignal: Peer = ownPeer({
  name: 'a shared AbortSignal',
  parts: ['features'],
  options: { signal: new AbortController().signal },
});

/** One that does nothing, on the client. */
export const oneInterceptor: Peer = ownPeer({
  name: 'an interceptor',
  parts: ['features'],
  interceptor: (next) => (call) => next(call),
});

/** Metrics on both ends. */
export const metricsOn: Peer = ownPeer({ name: 'metrics on both ends', parts: ['features'], metrics: true });

/** A handler that returns its answer. */
export const synchronousHandler: Peer = ownPeer({ name: 'a synchronous handler', parts: ['features'], fullOnly: true, synchronous: true });

/** The library as if it had no interceptors, metrics and tracing hooks: what leaving them unused costs is the difference to the default. */
export const featureless: Peer = ownPeer({
  name: 'without the features',
  note: 'a copy of the build with every test for interceptors, metrics and subscribers cut out',
  parts: ['features'],
  library: withoutFeatures,
  missing: whyNotWithoutFeatures,
});
