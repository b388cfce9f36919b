import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StreamInput } from '../../src/protocol/wire/stream-input.ts';
import { bodies, release } from '../../src/transport/util/body-pool.ts';

const FIELD_BYTES = 20_000;
const FIELDS = 3;

/** A message of three large fields, as a channel reads it; its bytes are all `mark`. */
interface Held {
  readonly mark: number;
  readonly fields: readonly Buffer[];
  isOver: boolean;
}

function receive(mark: number): Held {
  const body = bodies.take(FIELDS * FIELD_BYTES);
  expect(body).toHaveLength(FIELDS * FIELD_BYTES);
  body.fill(mark);
  const input = new StreamInput(body);
  input.owned = true;
  return { mark, fields: Array.from({ length: FIELDS }, () => input.takeBytes(FIELD_BYTES)), isOver: false };
}

type Kind = 'receive' | 'release' | 'release a copy' | 'transfer' | 'clone';
const step = fc.record({
  kind: fc.constantFrom<Kind>('receive', 'receive', 'release', 'release', 'release a copy', 'transfer', 'clone'),
  message: fc.nat(),
  field: fc.nat(FIELDS - 1),
});

test('no message that is in use loses its bytes, whatever is released twice, cloned or transferred', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const received: Held[] = [];
      for (const { kind, message, field } of steps) {
        const held = received.length === 0 || kind === 'receive' ? undefined : received[message % received.length];
        if (held === undefined) received.push(receive(1 + (received.length % 255)));
        else act(kind, held, held.fields[field] as Buffer);
        for (const { isOver, fields, mark } of received) {
          if (!isOver)
            for (const bytes of fields) expect(bytes[0] === mark && bytes.at(-1) === mark && bytes.length === FIELD_BYTES).toBe(true);
        }
      }
    }),
  );
});

/** Fields of messages that are over are released again, but not transferred: that is forbidden. */
function act(kind: Kind, held: Held, bytes: Buffer): void {
  if (kind === 'release') {
    release(bytes);
    held.isOver = true;
  } else if (kind === 'release a copy') {
    release(Buffer.from(bytes));
    // What was transferred cannot be cloned.
    if (bytes.length > 0) release(structuredClone(bytes));
  } else if (kind === 'transfer' && !held.isOver) {
    structuredClone(bytes, { transfer: [bytes.buffer as ArrayBuffer] });
    expect(held.fields.map(({ length }) => length)).toEqual([0, 0, 0]);
    held.isOver = true;
  } else if (kind === 'clone' && !held.isOver) {
    expect(Buffer.from(structuredClone(bytes)).equals(bytes)).toBe(true);
  }
}
