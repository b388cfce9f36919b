/** Calls that fail are those that were on their way, and the few of each probe. */
const FAILED_SHARE = 0.3;
const UNBOUNDED = { p99Ms: Infinity, p99Ratio: Infinity, p99FloorMs: Infinity };

export const attack = {
  what: 'One of two nodes of a client accepts connections, requests and pings, and answers nothing any more.',
  victim: { role: 'client', together: true, options: { timeoutMs: 2_000 } },
  attackMs: (isQuick) => (isQuick ? 6_000 : 8_000),
  bounds: { failedShare: FAILED_SHARE, ...UNBOUNDED },
  onRequest: () => true,
};
