export const attack = {
  what: 'Sixteen threads of connections: each is opened and closed at once.',
  like: 'connection floods',
  run: (attacker) =>
    attacker.repeat(16, async (_index, round) => {
      const socket = await attacker.dial();
      if (socket === null) return null;
      if (round % 2 === 0) socket.close();
      else socket.reset();
    }),
};
