import { initialiseFields } from '../harness/bombs.mjs';
import { request, response, STATUS, vInt } from '../harness/wire.mjs';

/** Clears the screen, rings, colours (C0 and C1), and turns the reading direction round. */
const NASTY = '\u001b[2J\u0007\u009b31m\u202eevil\u2066\u0085\u2028';

/** What a terminal obeys, beyond a line end. */
// oxlint-disable-next-line no-control-regex -- these are what is looked for
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

export const attack = {
  what: 'A stranger initialises an extension and refuses its routes, with control characters in its name and in the error.',
  victim: { role: 'extension' },
  prepare: async ({ folder }) => {
    const text = Buffer.from(NASTY, 'utf8');
    const message = Buffer.concat([vInt(NASTY.length), text]);
    const body = Buffer.concat([Buffer.from('0100', 'hex'), vInt(68), Buffer.of(1), message, Buffer.alloc(5)]);
    const fields = await initialiseFields(folder, { name: NASTY, extensionName: NASTY, uniqueId: NASTY });
    return { initialise: request('internal:discovery/extensions', fields, { id: 7 }), body };
  },
  run: async (attacker, { initialise, body }) => {
    const socket = await attacker.dialAsNode();
    if (socket === null) return;
    socket.onFrame(({ action, id }) => {
      if (action?.includes('registerrestactions')) void socket.send(response(id, body, STATUS.error));
    });
    while (socket.isOpen && !attacker.isOver) {
      await socket.send(initialise);
      await attacker.sleep(100);
    }
  },
  judge: ({ output }) => (OBEYED.test(output) ? [`printed ${JSON.stringify(OBEYED.exec(output)?.[0])} of the peer`] : []),
};
