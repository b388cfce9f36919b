import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { inPlaceReader, rewrapForReading } from '../../../../src/transport/carrier/socket-reading.ts';

test.each([undefined, null, {}, { readStart: () => 0 }])('an accepted socket with handle %j stays as it is', (handle) => {
  const socket = new Socket();
  (socket as unknown as { _handle: unknown })._handle = handle;
  const reader = inPlaceReader();
  expect(rewrapForReading(socket, reader)).toBeNull();
  expect(socket.destroyed).toBe(false);
  expect(reader.isInstalled()).toBe(false);
  (socket as unknown as { _handle: unknown })._handle = null;
});
