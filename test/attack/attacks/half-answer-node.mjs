import { response, str } from '../harness/wire.mjs';

const UNBOUNDED = { p99Ms: Infinity, p99Ratio: Infinity, p99FloorMs: Infinity };

export const attack = {
  what: 'One of two nodes of a client sends half of an answer and then nothing.',
  victim: { role: 'client', together: true, options: { timeoutMs: 2_000 } },
  attackMs: (isQuick) => (isQuick ? 6_000 : 8_000),
  bounds: { failedShare: 0.3, ...UNBOUNDED },
  prepare: () => response(1, str('x'.repeat(100))),
  onRequest: ({ socket, action, id, payload }) => {
    if (socket.isHalfway || action.startsWith('internal:')) return true;
    socket.isHalfway = true;
    const half = Buffer.from(payload.subarray(0, 60));
    half.writeBigInt64BE(id, 6);
    socket.poke(half);
    return true;
  },
};
