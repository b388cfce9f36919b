import { bombBytes, pointsBomb } from '../harness/bombs.mjs';
import { response, STATUS } from '../harness/wire.mjs';

export const attack = {
  what: 'A node answers a client with one compressed list of 33 million structures, again and again.',
  like: 'decompression bombs in HTTP clients',
  victim: { role: 'client', action: 'findPoints' },
  plainAnswer: Buffer.of(0),
  prepare: (attacker) => pointsBomb(bombBytes(attacker)),
  onRequest: ({ socket, id, action, payload }) => {
    if (action.startsWith('internal:')) return undefined;
    void socket.send(response(id, payload, STATUS.compressed));
    return true;
  },
};
