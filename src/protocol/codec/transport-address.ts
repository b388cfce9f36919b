import { UsageError } from '../error/transport-error.ts';
import { COST } from '../wire/allowance.ts';
import type { Codec } from './codec.ts';
import { readList, struct, writeList } from './combinators.ts';
import { int, string } from './primitives.ts';

const IP_LENGTHS: readonly number[] = [4, 16];

/** `u8` length 4 or 16, then that many bytes, as hex: `7f000001`. */
const ip: Codec<string> = {
  schema: { kind: 'custom', name: 'ip' },
  read: (input) => {
    const offset = input.offset;
    const length = input.readUByte();
    if (!IP_LENGTHS.includes(length)) throw input.fail(`addr is of illegal length ${length}, expected 4 or 16`, offset);
    input.spend(COST.bytes + COST.string);
    return input.readBytes(length).toString('hex');
  },
  write: (output, value) => {
    if (typeof value !== 'string' || !/^([0-9a-f]{8}|[0-9a-f]{32})$/i.test(value)) {
      throw new UsageError('ERR_USAGE', {}, `expected an IP address as 8 or 32 hex digits, for example 7f000001, got '${String(value)}'`);
    }
    output.writeByte(value.length / 2);
    output.writeBytes(Buffer.from(value, 'hex'));
  },
};

/** Where a node listens: `{ ip: '7f000001', host: '127.0.0.1', port: 9300 }`. */
export interface TransportAddress {
  /** The 4 or 16 bytes of the address in lower-case hex. */
  readonly ip: string;
  /** The text the address was made from, often the IP itself. */
  readonly host: string;
  readonly port: number;
}

/**
 * `u8` length, address, `str` host, `i32` port.
 *
 * @see wire-format.md §7.2
 */
export const transportAddress: Codec<TransportAddress> = struct({ ip, host: string, port: int }, 'TransportAddress');

const LEAST_ADDRESS_BYTES = 10;

/** `i32` count, then the addresses. */
const bound: Codec<TransportAddress[], readonly TransportAddress[]> = {
  schema: { kind: 'list', of: transportAddress.schema },
  read: (input) => readList(input, transportAddress, input.readIntCount(LEAST_ADDRESS_BYTES)),
  write: (output, addresses) => {
    if (!Array.isArray(addresses)) throw new UsageError('ERR_USAGE', {}, 'expected an array of addresses');
    output.writeInt(addresses.length);
    writeList(output, transportAddress, addresses);
  },
};

/**
 * The addresses a node listens on (an `i32` count, not a vInt), then the one it publishes.
 *
 * @see wire-format.md §7.2
 */
export const boundTransportAddress = struct({ bound, publish: transportAddress }, 'BoundTransportAddress');
