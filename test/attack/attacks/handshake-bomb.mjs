import { bombBytes, suppressedBomb } from '../harness/bombs.mjs';
import { response, STATUS } from '../harness/wire.mjs';

export const attack = {
  what: 'A node closes its connections and answers every new handshake of the client with an error of millions of suppressed exceptions.',
  victim: { role: 'client' },
  prepare: (attacker) => suppressedBomb(bombBytes(attacker)),
  onRequest: ({ socket, id, action, payload }) => {
    if (action === 'internal:tcp/handshake') void socket.send(response(id, payload, STATUS.error | STATUS.compressed));
    else socket.close();
    return true;
  },
};
