export const attack = {
  what: 'A node accepts connections of a client, shakes hands and closes them with the first request.',
  victim: { role: 'client' },
  onRequest: ({ socket, action }) => {
    if (action.startsWith('internal:')) return undefined;
    socket.reset();
    return true;
  },
};
