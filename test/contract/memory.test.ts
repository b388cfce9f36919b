import { expect, test } from 'vitest';
import { memoryCarrier } from '../../src/transport/carrier/memory.ts';
import { carrierContract } from './carrier-contract.ts';
import { patterned, RecordingEnd, until } from './recording-end.ts';

carrierContract('memory', { secure: false, create: memoryCarrier });

test.each([1, 7, 100])('pieces are at most %d bytes when asked for', async (chunkBytes) => {
  const [client, server] = [new RecordingEnd(), new RecordingEnd()];
  const pieces: number[] = [];
  server.onChunk = (chunk) => pieces.push(chunk.length);
  const carrier = memoryCarrier({ chunkBytes });
  const { endpoint } = await carrier.listen({ port: 4500 }, server.accept);
  expect(endpoint.port).toBe(4500);
  await carrier.dial(endpoint, client.accept);
  const sent = patterned(1_000);
  client.link.write(sent);
  await until('all of it', () => server.received === sent.length);
  expect(Math.max(...pieces)).toBe(chunkBytes);
  expect(server.bytes.equals(sent)).toBe(true);
});

test.each([0, -1, 1.5, Number.NaN])('chunkBytes %d is refused', (chunkBytes) => {
  expect(() => memoryCarrier({ chunkBytes })).toThrow(expect.objectContaining({ code: 'ERR_CONFIG' }));
});

test('two carriers never meet', async () => {
  const { endpoint } = await memoryCarrier().listen({ port: 0 }, new RecordingEnd().accept);
  await expect(memoryCarrier().dial(endpoint, new RecordingEnd().accept)).rejects.toMatchObject({ code: 'ERR_DIAL' });
});

test('a chunk is the same memory again: nobody may keep it', async () => {
  const [client, server] = [new RecordingEnd(), new RecordingEnd()];
  const kept: Buffer[] = [];
  server.onChunk = (chunk) => kept.push(chunk);
  const carrier = memoryCarrier();
  const { endpoint } = await carrier.listen({ port: 0 }, server.accept);
  await carrier.dial(endpoint, client.accept);
  client.link.write(Buffer.from('one'));
  client.link.write(Buffer.from('two'));
  await until('both', () => server.received === 6);
  expect(kept.map(String)).toEqual(['two', 'two']);
});
