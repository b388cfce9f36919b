export const attack = {
  what: 'Eight connections at a time do a TLS handshake, close and come again.',
  like: 'THC-SSL-DoS',
  victim: { isTls: true },
  run: (attacker) =>
    attacker.repeat(8, async () => {
      const socket = await attacker.dial({ isTls: true });
      if (socket === null) return null;
      socket.close();
    }),
};
