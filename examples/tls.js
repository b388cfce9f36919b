// Mutual TLS: the server and the client check each other's certificate. Run it with `node examples/tls.js FOLDER`, where FOLDER contains the
// certificates made by the commands in examples/README.md.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, createServer, defineAction, string, struct } from 'opensearch-transport';
import { tls } from 'opensearch-transport/carrier';

const file = (name) => readFileSync(join(process.argv[2] ?? '.', name));
const ca = file('ca.pem');
const echo = defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string }) });

const server = createServer({ carrier: tls({ ca, cert: file('server.pem'), key: file('server.key'), mutual: true }) });
server.handle(echo, ({ text }) => ({ text }));
const { port } = await server.listen(Number(process.env.PORT ?? 0));
const node = `127.0.0.1:${port}`;

const client = createClient({ nodes: [node], carrier: tls({ ca, cert: file('client.pem'), key: file('client.key') }) });
const anonymous = createClient({ nodes: [node], carrier: tls({ ca }), reconnect: false });
try {
  console.log((await client.call(echo, { text: 'over TLS' })).text);
  await anonymous.call(echo, { text: 'without a certificate' }).catch(({ code }) => console.log(`without a certificate: ${code}`));
} finally {
  await Promise.all([client.close(), anonymous.close()]);
  await server.close();
}
