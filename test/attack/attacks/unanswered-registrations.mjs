import { initialiseFields } from '../harness/bombs.mjs';
import { request } from '../harness/wire.mjs';

const BATCH = 50;

export const attack = {
  what: 'A stranger initialises an extension thousands of times per second and answers none of its registrations.',
  victim: { role: 'extension' },
  prepare: async ({ folder }) => {
    const fields = await initialiseFields(folder, {});
    return Buffer.concat(Array.from({ length: BATCH }, (_, id) => request('internal:discovery/extensions', fields, { id })));
  },
  run: (attacker, batch) => attacker.flood(2, batch),
};
