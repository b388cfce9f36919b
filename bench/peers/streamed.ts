import { createClient, createServer, defineAction, long, stream, struct } from 'opensearch-transport';
import type { Peer } from './peer.ts';
import { HOST } from './sockets.ts';

const CHUNK_BYTES = 64 * 1024;

/** The body goes up piece by piece; the answer says how many bytes the handler read. */
const upload = defineAction({
  name: 'indices:data/write/stream-of-notes[shard]',
  request: struct({ content: stream() }),
  response: struct({ bytes: long }),
});

/** This project, with a message that neither end holds whole. */
export const streamed: Peer = {
  name: 'opensearch-transport, streamed',
  note: 'one way: the handler reads the body as it comes',
  packages: ['opensearch-transport'],
  parts: ['memory'],
  stalls: true,
  serve: async () => {
    const server = createServer();
    server.handle(upload, async ({ content }) => {
      let bytes = 0;
      for await (const chunk of content) bytes += chunk.length;
      return { bytes };
    });
    const { port } = await server.listen({ host: HOST, port: 0 });
    return { port, close: () => server.abort() };
  },
  connect: async (port, _connections, { body, fail }) => {
    const client = createClient({ nodes: [`${HOST}:${port}`], reconnect: false });
    await client.connect();
    const echo = async (): Promise<Buffer> => {
      const { bytes } = await client.call(upload, { content: { size: body.length, chunks: chunksOf(body) } });
      if (bytes !== body.length) throw new Error(`${bytes} bytes of ${body.length} arrived`);
      return body;
    };
    return { echo: (answered) => void echo().then(answered, fail), close: () => client.abort() };
  },
};

function* chunksOf(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; at += CHUNK_BYTES) yield body.subarray(at, at + CHUNK_BYTES);
}
