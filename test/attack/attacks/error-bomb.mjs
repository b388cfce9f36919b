import { bombBytes, frameBomb } from '../harness/bombs.mjs';
import { response, STATUS } from '../harness/wire.mjs';

export const attack = {
  what: 'A node answers a client with one compressed error of 25 million stack frames, again and again.',
  like: 'decompression bombs in HTTP clients',
  victim: { role: 'client' },
  prepare: (attacker) => frameBomb(bombBytes(attacker)),
  onRequest: ({ socket, id, action, payload }) => {
    if (action.startsWith('internal:')) return undefined;
    void socket.send(response(id, payload, STATUS.error | STATUS.compressed));
    return true;
  },
};
