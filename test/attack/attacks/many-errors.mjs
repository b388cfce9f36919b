import { request } from '../harness/wire.mjs';

export const attack = {
  what: 'Four connections send requests of unknown actions, each with a name of its own, and read the errors.',
  run: (attacker) =>
    attacker.repeat(4, async (index) => {
      const socket = await attacker.dialAsNode();
      if (socket === null) return null;
      for (let id = 3; socket.isOpen && !attacker.isOver; id += 100) {
        await socket.send(
          Buffer.concat(Array.from({ length: 100 }, (_, i) => request(`demo:${index}-${id + i}`, undefined, { id: id + i }))),
        );
      }
    }),
};
