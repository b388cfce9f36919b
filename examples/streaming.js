// Sends 64 MiB to the server and back, chunk by chunk, without holding them in memory. Run it with `node examples/streaming.js`.
import { createHash } from 'node:crypto';
import { createClient, createServer, defineAction, stream, string, struct } from 'opensearch-transport';

const CHUNK = Buffer.alloc(64 * 1024, 'opensearch ');
const CHUNKS = 1024;
const size = CHUNK.length * CHUNKS;

// A stream must be the last field. The handler is called when the other fields have arrived; the stream arrives while the handler reads it.
const upload = defineAction({
  name: 'demo:upload',
  request: struct({ name: string, content: stream() }),
  response: struct({ digest: string }),
});
const download = defineAction({ name: 'demo:download', request: struct({ name: string }), response: struct({ content: stream() }) });

async function* chunks() {
  for (let at = 0; at < CHUNKS; at++) yield CHUNK;
}

async function digestOf(content) {
  const hash = createHash('sha256');
  for await (const chunk of content) hash.update(chunk); // a chunk is valid until the next one is read
  return hash.digest('hex');
}

const server = createServer();
server.handle(upload, async ({ content }) => ({ digest: await digestOf(content) }));
server.handle(download, () => ({ content: { size, chunks: chunks() } }));
const { port } = await server.listen(Number(process.env.PORT ?? 0));

// A slow reader blocks all other calls on its channel, so use a separate client for long streams.
const client = createClient({ nodes: [`127.0.0.1:${port}`], timeoutMs: 60_000 });
try {
  const { digest } = await client.call(upload, { name: 'big', content: { size, chunks: chunks() } });
  console.log(`sent ${size} bytes`);
  const { content } = await client.call(download, { name: 'big' });
  const received = content.size;
  console.log(`received ${received} bytes, the same: ${(await digestOf(content)) === digest}`);
} finally {
  await client.close();
  await server.close();
}
