import { deflated, MIB, response, STATUS } from '../harness/wire.mjs';

export const attack = {
  what: 'Eight connections send compressed answers of 1 KB that no call waits for and that inflate to 1 MiB each.',
  prepare: () => response(99_999, deflated(Buffer.alloc(MIB - 16)), STATUS.compressed),
  run: (attacker, bomb) => attacker.flood(8, bomb),
};
