const LIMIT = 20;

export const attack = {
  what: `500 connections to a TLS server with a limit of ${LIMIT} connections never finish their TLS handshake.`,
  victim: { isTls: true, options: { maxConnections: LIMIT } },
  run: (attacker) =>
    attacker.repeat(500, async () => {
      const socket = await attacker.dial();
      if (socket === null) return null;
      await socket.ended;
    }),
  judge: ({ filesOpened }) => (filesOpened > 2 * LIMIT ? [`${filesOpened} connections were held at a limit of ${LIMIT}`] : []),
};
