export const attack = {
  what: '1,000 connections of one host each shake hands as a node does, and then say nothing.',
  like: 'connection exhaustion',
  attackMs: (isQuick) => (isQuick ? 2_500 : 8_000),
  run: (attacker) =>
    attacker.repeat(1_000, async () => {
      const socket = await attacker.dialAsNode();
      if (socket === null) return null;
      await socket.ended;
    }),
};
