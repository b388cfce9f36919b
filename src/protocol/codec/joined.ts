import { COST } from '../wire/allowance.ts';
import type { Codec } from './codec.ts';
import { refuseStream } from './refuse-stream.ts';
import type { StructSchema } from './schema.ts';

/**
 * Two structs one after the other, as one value that has the fields of both.
 *
 * @param name of the whole, for schemas
 */
export function joined<A, AIn, B, BIn>(first: Codec<A, AIn>, second: Codec<B, BIn>, name: string): Codec<A & B, AIn & BIn> {
  const fields = [first, second].flatMap(({ schema }) => (schema as StructSchema).fields);
  const cost = COST.object + fields.length * COST.field;
  refuseStream(first, `the first part of ${name}`);
  return {
    hasStream: second.hasStream === true,
    sourceIn: second.sourceIn,
    schema: { kind: 'struct', name, fields },
    read: (input) => {
      input.spend(cost);
      return { ...first.read(input), ...second.read(input) };
    },
    write: (output, value) => {
      first.write(output, value);
      second.write(output, value);
    },
  };
}
