import {
  create,
  type DescMessage,
  fromBinary,
  fromJson,
  type JsonValue,
  type MessageInitShape,
  type MessageShape,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import { reasonOf } from '../error/reason-of.ts';
import { UsageError } from '../error/transport-error.ts';
import type { StreamInput } from '../wire/stream-input.ts';
import { StreamOutput } from '../wire/stream-output.ts';
import type { Codec } from './codec.ts';
import { mapped } from './combinators.ts';
import { protobufCost } from './protobuf-cost.ts';

/**
 * A protobuf message as a byte array: `vInt` length, then the message. Fields the schema does not know are kept and written again; half a
 * surrogate pair becomes U+FFFD.
 *
 * @param schema a message of `src/gen`
 * @returns a codec whose value is the generated message; its form is protobuf's own JSON
 * @throws ERR_DECODE if the bytes do not parse as the message, ERR_USAGE if the value is not such a message
 * @memory as {@link bytes}: byte fields are owned
 * @see extensions.md §2.1
 */
export function protobuf<const Schema extends DescMessage>(schema: Schema): Codec<MessageShape<Schema>, MessageInitShape<Schema>> {
  const encode = (value: MessageInitShape<Schema>): Uint8Array => {
    if (typeof value !== 'object' || value === null) throw new UsageError('ERR_USAGE', {}, `expected a ${schema.name}`);
    return using(schema, () => toBinary(schema, create(schema, value)));
  };
  const nested = new Set(schema.fields.filter((field) => field.message !== undefined).map((field) => field.number));
  return {
    schema: {
      kind: 'custom',
      name: schema.name,
      toForm: (value: MessageShape<Schema>) => toJson(schema, value, { alwaysEmitImplicit: true }),
      fromForm: (form) => using(schema, () => fromJson(schema, form as JsonValue)),
    },
    read: (input) => decodeFrom(input, schema, nested),
    write: (output, value) => output.writeByteArray(encode(value)),
  };
}

/**
 * A protobuf message seen as a plain value. `shape` gives the value its type and its schema, and checks it before it is written; it stands
 * nowhere in the stream. Fields the protobuf schema does not know are dropped.
 *
 * @throws as {@link protobuf}, ERR_USAGE with the name of the field that is wrong
 */
export function protobufAs<const Schema extends DescMessage, Out, In>(
  schema: Schema,
  shape: Codec<Out, In>,
  out: (message: MessageShape<Schema>) => Out,
  into: (value: In) => MessageInitShape<Schema>,
): Codec<Out, In> {
  const checked = (value: In): MessageInitShape<Schema> => {
    const scratch = new StreamOutput();
    scratch.allowReferences();
    shape.write(scratch, value);
    return into(value);
  };
  return mapped(protobuf(schema), out, checked, shape.schema);
}

function decodeFrom<Schema extends DescMessage>(input: StreamInput, schema: Schema, nested: ReadonlySet<number>): MessageShape<Schema> {
  const offset = input.offset;
  const bytes = input.takeBytes(input.readCount());
  input.spend(protobufCost(bytes, nested));
  try {
    return fromBinary(schema, bytes);
  } catch (error) {
    throw input.fail(`cannot parse ${bytes.length} bytes as ${schema.name}: ${reasonOf(error)}`, offset);
  }
}

function using<T>(schema: DescMessage, convert: () => T): T {
  try {
    return convert();
  } catch (error) {
    throw new UsageError('ERR_USAGE', { cause: error }, `no ${schema.name}: ${reasonOf(error)}`);
  }
}
