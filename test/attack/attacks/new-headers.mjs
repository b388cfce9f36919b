import { request, str } from '../harness/wire.mjs';

export const attack = {
  what: 'Requests with headers that are new every time, to fill whatever remembers them.',
  run: (attacker) =>
    attacker.repeat(2, async (index) => {
      const socket = await attacker.dialAsNode();
      if (socket === null) return null;
      for (let id = 3; socket.isOpen && !attacker.isOver; id++) {
        const unique = `${index}-${id}-`.padEnd(2_000, 'x');
        await socket.send(request('demo:echo', str('x'), { id, headers: [[unique, unique]] }));
      }
    }),
};
