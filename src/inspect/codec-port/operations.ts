import { DecodeError, TransportError, UsageError } from '../../protocol/error/transport-error.ts';
import { StreamInput } from '../../protocol/wire/stream-input.ts';
import { StreamOutput } from '../../protocol/wire/stream-output.ts';
import {
  isCompatible,
  judgeHeaderVersion,
  minimumCompatibility,
  parseVersion,
  V_3_9_0,
  type VersionId,
} from '../../protocol/wire/version.ts';
import { bytesOfForm } from '../../protocol/codec/form-reader.ts';
import { versionForm } from '../../protocol/codec/form-writer.ts';
import { decodeFrames, encodeFrame } from './frame-operations.ts';
import type { PortType } from './port-type.ts';
import type { Registry } from './registry.ts';

/** A request of the codec port, not checked yet. */
export type PortRequest = Readonly<Record<string, unknown>>;

type Operation = (request: PortRequest, registry: Registry) => object;

const OPERATIONS: Readonly<Record<string, Operation>> = { ping, encode, decode, recode, compatible, versionCheck };

/**
 * Carries out one operation.
 *
 * @returns the answer without `ok` and `id`
 * @throws ERR_USAGE, ERR_DECODE and what framing throws
 * @see codec-port.md
 */
export function perform(request: PortRequest, registry: Registry): object {
  const { op } = request;
  const operation = typeof op === 'string' && Object.hasOwn(OPERATIONS, op) ? OPERATIONS[op] : undefined;
  if (operation === undefined) throw usage(`op: expected one of ${Object.keys(OPERATIONS).join(', ')}`);
  return operation(request, registry);
}

/** One line for an error: `CODE: path: text`. */
export function errorText(error: unknown): string {
  if (!(error instanceof TransportError)) return `ERR_USAGE: ${error instanceof Error ? error.message : String(error)}`;
  const path = error instanceof DecodeError && error.path.length > 0 ? `${error.path.join('.').replaceAll('.[', '[')}: ` : '';
  return `${error.code}: ${path}${error.message}`;
}

function ping(_: PortRequest, { types, actions }: Registry): object {
  return { types: [...types.keys(), 'frame'], actions };
}

function encode(request: PortRequest, registry: Registry): object {
  if (request['type'] === 'frame') return { hex: encodeFrame(request['value'], registry).toString('hex') };
  const type = typeOf(request, registry);
  const version = versionOf(request, 'version');
  const value = type.fromForm(request['value'], version);
  return { hex: write(type, value, version, versionOf(request, 'peerVersion', version)) };
}

function decode(request: PortRequest, registry: Registry): object {
  const bytes = bytesOfForm(request['hex']);
  if (request['type'] === 'frame') return { value: decodeFrames(bytes, chunkOf(request, bytes.length)) };
  const type = typeOf(request, registry);
  const version = versionOf(request, 'version');
  const { value, rest } = read(type, bytes, version, request);
  return { value: type.toForm(value, version), rest };
}

function recode(request: PortRequest, registry: Registry): object {
  const type = typeOf(request, registry);
  const version = versionOf(request, 'version');
  const { value, rest, peerVersion } = read(type, bytesOfForm(request['hex']), version, request);
  const outVersion = versionOf(request, 'outVersion', version);
  return {
    hex: write(type, value, outVersion, peerVersion === version ? versionOf(request, 'peerVersion', outVersion) : peerVersion),
    rest,
  };
}

function compatible(request: PortRequest): object {
  const [a, b, own] = [versionOf(request, 'a'), versionOf(request, 'b'), versionOf(request, 'own')];
  return {
    value: isCompatible(a, b, own),
    aMinimum: versionForm(minimumCompatibility(a, own)),
    bMinimum: versionForm(minimumCompatibility(b, own)),
  };
}

function versionCheck(request: PortRequest): object {
  return judgeHeaderVersion(versionOf(request, 'own'), versionOf(request, 'version'), request['handshake'] === true);
}

function typeOf({ type }: PortRequest, { types }: Registry): PortType {
  const found = typeof type === 'string' ? types.get(type) : undefined;
  if (found === undefined)
    throw usage(`type: ${JSON.stringify(type) ?? 'missing'} is not a type of this port; the operation ping lists them`);
  return found;
}

function versionOf(request: PortRequest, name: string, usual: VersionId = V_3_9_0): VersionId {
  const given = request[name];
  if (given === undefined) return usual;
  if (typeof given === 'string' || (typeof given === 'number' && Number.isInteger(given))) return parseVersion(given);
  throw usage(`${name}: expected a version, for example "2.19.0", or its id`);
}

function chunkOf({ chunk }: PortRequest, size: number): number {
  if (chunk === undefined) return Math.max(size, 1);
  if (typeof chunk === 'number' && Number.isInteger(chunk) && chunk > 0) return chunk;
  throw usage('chunk: expected a number of bytes');
}

interface Reading {
  readonly value: unknown;
  readonly rest: number;
  /** The release the bytes were read as written by. */
  readonly peerVersion: VersionId;
}

/**
 * Reads as from a peer of the stream's own version, unless the request names one. Where that fails or leaves bytes, 3.9.0 is tried: its memory-size
 * settings have a byte more at every stream version (wire-format.md §11.12), and nothing in the bytes says who wrote them.
 */
function read(type: PortType, bytes: Buffer, version: VersionId, request: PortRequest): Reading {
  const peerVersion = versionOf(request, 'peerVersion', version);
  const told = request['peerVersion'] !== undefined || version >= V_3_9_0;
  let usual: Reading | null = null;
  let failure: unknown;
  try {
    usual = readAs(type, bytes, version, peerVersion);
  } catch (error) {
    failure = error;
  }
  if (told || usual?.rest === 0) return given(usual, failure);
  try {
    const other = readAs(type, bytes, version, V_3_9_0);
    return other.rest === 0 ? other : given(usual, failure);
  } catch {
    return given(usual, failure);
  }
}

function given(reading: Reading | null, failure: unknown): Reading {
  if (reading === null) throw failure;
  return reading;
}

function readAs({ codec }: PortType, bytes: Buffer, version: VersionId, peerVersion: VersionId): Reading {
  const input = new StreamInput(bytes, { version, peerVersion });
  try {
    return { value: codec.read(input), rest: input.remaining, peerVersion };
  } catch (error) {
    if (error instanceof TransportError) throw error;
    throw new DecodeError('ERR_DECODE', { cause: error, offset: input.offset }, error instanceof Error ? error.message : String(error));
  }
}

function write({ codec }: PortType, value: unknown, version: VersionId, peerVersion: VersionId): string {
  const output = new StreamOutput({ version, peerVersion });
  codec.write(output, value);
  return output.toBuffer().toString('hex');
}

function usage(text: string): UsageError {
  return new UsageError('ERR_USAGE', {}, text);
}
