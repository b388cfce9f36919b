// A process of its own for tests that kill it: shakes hands with recorded bytes, then answers nothing. Says its port on standard output. The third argument is the port, 0 unless given.
import { createServer } from 'node:net';

const [tcpAnswer, transportAnswer] = process.argv.slice(2, 4).map((hex) => Buffer.from(hex, 'hex'));

const server = createServer((socket) => {
  let received = Buffer.alloc(0);
  let answered = 0;
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    if (answered === 2) return;
    received = Buffer.concat([received, chunk]);
    while (answered < 2 && received.length >= 6 && received.length >= 6 + received.readInt32BE(2)) {
      const answer = Buffer.from(answered++ === 0 ? tcpAnswer : transportAnswer);
      received.copy(answer, 6, 6, 14);
      socket.write(answer);
      received = received.subarray(6 + received.readInt32BE(2));
    }
  });
});
server.listen(Number(process.argv[4] ?? 0), '127.0.0.1', () => console.log(server.address().port));
