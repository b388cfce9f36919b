/** Calls that fail are those that were on their way, and the few of each probe. */
const FAILED_SHARE = 0.2;
const UNBOUNDED = { p99Ms: Infinity, p99Ratio: Infinity, p99FloorMs: Infinity };

export const attack = {
  what: 'One of two nodes of a client accepts requests and pings and answers neither; keep-alive is on.',
  victim: { role: 'client', together: true, options: { pingIntervalMs: 200, timeoutMs: 500 } },
  attackMs: (isQuick) => (isQuick ? 3_000 : 8_000),
  bounds: { failedShare: FAILED_SHARE, ...UNBOUNDED },
  onRequest: ({ action }) => (action.startsWith('internal:') ? undefined : true),
};
