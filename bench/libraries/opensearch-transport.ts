import { fromGeneric, genericValue, StreamInput, StreamOutput, toGeneric } from 'opensearch-transport/protocol';
import { type Coder, eachAlone, type Library, sharedCases } from '../corpus/codec.ts';
import { frameCoder } from './frame-coder.ts';
import { ownCases } from './own-cases.ts';

const SLAB_BYTES = 128 * 1024;

/** This project: frames as a channel writes and reads them, values as the action codecs do. */
export const opensearchTransport: Library = {
  name: 'opensearch-transport',
  packages: ['opensearch-transport'],
  cases: {
    ...sharedCases({
      message: frameCoder(),
      text: streamCoder<string>(
        (output, text) => output.writeString(text),
        (input) => input.readString(),
        (text) => text.length,
      ),
      numbers: streamCoder<readonly number[]>(
        (output, numbers) => {
          output.writeVInt(numbers.length);
          for (const number of numbers) output.writeVInt(number);
        },
        readNumbers,
        (numbers) => numbers[0] as number,
      ),
      document: streamCoder<Record<string, unknown>>(
        (output, document) => genericValue.write(output, toGeneric(document)),
        (input) => fromGeneric(genericValue.read(input)) as Record<string, unknown>,
        (document) => document['count'] as number,
      ),
    }),
    ...ownCases(),
  },
};

/** Writes into a slab, as the writer does, and reads what is borrowed, as a channel does. */
function streamCoder<T>(
  write: (output: StreamOutput, value: T) => void,
  read: (input: StreamInput) => T,
  touch: (value: T) => number,
): Coder<T> {
  const output = new StreamOutput();
  const slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  const { version, peerVersion } = output;
  const input = new StreamInput(slab);
  const encode = (value: T): number => {
    output.lend(slab, 0, version, peerVersion);
    write(output, value);
    return output.size;
  };
  const value = (bytes: Uint8Array): T => {
    input.reset(bytes as Buffer, 0, bytes.length, version, peerVersion, false);
    return read(input);
  };
  return { encode, bytes: (given) => slab.subarray(0, encode(given)), ...eachAlone(value, touch) };
}

function readNumbers(input: StreamInput): number[] {
  const numbers: number[] = [];
  for (let left = input.readCount(); left > 0; left--) numbers.push(input.readVInt());
  return numbers;
}
