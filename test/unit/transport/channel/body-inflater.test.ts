import { expect, test } from 'vitest';
import { freeInflated } from '../../../../src/transport/channel/body-inflater.ts';
import { StreamInput } from '../../../../src/protocol/wire/stream-input.ts';

const MIB = 1024 * 1024;

test('a large body that was read is freed at once', async () => {
  const body = Buffer.alloc(4 * MIB, 1);
  const input = new StreamInput(body);
  input.owned = true;
  input.readByte();
  freeInflated(body, input);
  await expect.poll(() => body.length).toBe(0);
});

test.each([
  ['of which a field is a view', 4 * MIB, true],
  ['that is small', MIB, false],
])('a body %s is kept', async (_, size, isViewed) => {
  const body = Buffer.alloc(size, 1);
  const input = new StreamInput(body);
  input.owned = true;
  const field = isViewed ? input.takeBytes(64 * 1024) : null;
  freeInflated(body, input);
  const other = Buffer.alloc(4 * MIB);
  freeInflated(other, new StreamInput(other));
  await expect.poll(() => other.length).toBe(0);
  expect(body.length).toBe(size);
  if (field !== null) expect(field.equals(Buffer.alloc(64 * 1024, 1))).toBe(true);
});
