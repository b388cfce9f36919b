import { response, str } from '../harness/wire.mjs';

const UNBOUNDED = { p99Ms: Infinity, p99Ratio: Infinity, p99FloorMs: Infinity };

export const attack = {
  what: 'One of two nodes of a client sends half of an answer and then nothing; keep-alive is on.',
  victim: { role: 'client', together: true, options: { pingIntervalMs: 200, timeoutMs: 500 } },
  attackMs: (isQuick) => (isQuick ? 3_000 : 8_000),
  bounds: { failedShare: 0.2, ...UNBOUNDED },
  prepare: () => response(1, str('x'.repeat(100))),
  onRequest: ({ socket, action, id, payload }) => {
    if (action.startsWith('internal:')) return undefined;
    if (socket.isHalfway) return true;
    socket.isHalfway = true;
    const half = Buffer.from(payload.subarray(0, 60));
    half.writeBigInt64BE(id, 6);
    socket.poke(half);
    return true;
  },
};
