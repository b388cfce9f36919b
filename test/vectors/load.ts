import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** The releases of which there are golden vectors and tables. */
export const releases = ['2.19.6', '3.9.0'] as const;
export type Release = (typeof releases)[number];

/** What a test does with a golden vector: the table of README.md. */
export type Check = 'value' | 'bytes' | 'decode' | 'frame' | 'version' | 'reject';

export interface GoldenVector {
  readonly id: string;
  readonly kind: string;
  /** Null where no stream is involved (versions, some frames). */
  readonly streamVersion: string | null;
  readonly note: string | null;
  /** Its shape follows `check` and `kind`. */
  readonly value: Readonly<Record<string, unknown>> | null;
  readonly hex: string;
  readonly check: Check;
}

/** One whole frame as it was on the wire, `bytes` already unpacked. */
export interface CapturedFrame {
  /** `<sender>->receiver`, such as `node->extension`. */
  readonly dir: string;
  readonly socket: number;
  readonly bytes: Buffer;
  /** A reading aid; its body is wrong or absent where it carries `_decodeError`. */
  readonly decoded: Readonly<Record<string, unknown>>;
}

export interface CapturedHttp {
  readonly event: 'http';
  readonly request: Readonly<Record<string, unknown>>;
  readonly response?: Readonly<Record<string, unknown>>;
  readonly error?: string;
}

/** A label between frames; its `event` says what was done next. */
export interface CaptureLabel {
  readonly event: string;
}

export interface Capture {
  readonly topic: string;
  readonly opensearch: string;
  /** Who opened the sockets. */
  readonly when: string;
  readonly note?: string;
  readonly frames: readonly (CapturedFrame | CapturedHttp | CaptureLabel)[];
}

export interface ExceptionRow {
  readonly id: number;
  readonly class: string;
  readonly since: string | null;
  readonly superclass: string;
  /** The name of a REST status, such as `BAD_REQUEST`. */
  readonly status: string;
  readonly instantiated: boolean;
  readonly constructor: string;
  readonly onlyReadable?: boolean;
}

export interface ThirdPartySequence {
  readonly name: string;
  readonly what: string;
  readonly source_repository: string;
  readonly hex: string;
  readonly decoded?: Readonly<Record<string, unknown>>;
}

/** Every golden vector of a release, in the order of the file. */
export function goldenVectors(release: Release): readonly GoldenVector[] {
  return readJson(`golden-${release}.json.gz`) as GoldenVector[];
}

/** Queries in their REST form, as a release parses or refuses them. */
export function queryVectors(release: Release): readonly GoldenVector[] {
  return readJson(`queries-${release}.json`) as GoldenVector[];
}

/** Every capture of a release by name of topic; `mixed` is one cluster of both releases. */
export function captures(release: Release | 'mixed'): readonly Capture[] {
  const names = readdirSync(new URL(`captures/${release}/`, import.meta.url)).sort();
  return names.map((name) => unpackFrames(readJson(`captures/${release}/${name}`) as Capture));
}

/** One capture, without reading the others. */
export function capture(release: Release | 'mixed', topic: string): Capture {
  return unpackFrames(readJson(`captures/${release}/${topic}.json.gz`) as Capture);
}

/** The frames of a capture, without its labels and HTTP exchanges. */
export function framesOf({ frames }: Capture): readonly CapturedFrame[] {
  return frames.filter((item): item is CapturedFrame => 'dir' in item);
}

/** The ids under which a release registers its exceptions, ascending. */
export function exceptionTable(release: Release): readonly ExceptionRow[] {
  return readJson(`exceptions-${release}.json`) as ExceptionRow[];
}

/** The names of every transport action a release registers. */
export function actionNames(release: Release): readonly string[] {
  return (readJson(`actions-${release}.json`) as { action: string }[]).map(({ action }) => action);
}

/** The named-writeable registry of a release: category (a Java class) to names. */
export function namedWriteables(release: Release): Readonly<Record<string, readonly string[]>> {
  return readJson(`named-writeables-${release}.json`) as Record<string, string[]>;
}

/** Sequences published by other SDKs: `captured` from a node, `handWritten` by the author of a unit test. */
export function thirdPartySequences(): Readonly<Record<'captured' | 'handWritten', readonly ThirdPartySequence[]>> {
  const file = readJson('third-party-captures.json') as Record<'captured' | 'hand_written', ThirdPartySequence[]>;
  return { captured: file.captured, handWritten: file.hand_written };
}

/** A packet capture, as bytes of the pcap file. */
export function packetCapture(name: 'session' | 'pingseg'): Buffer {
  return readFileSync(new URL(`${name}.pcap`, import.meta.url));
}

type PackedFrame = Omit<CapturedFrame, 'bytes'> & ({ hex: string } | { gzipBase64: string; length: number });

function unpackFrames(packed: Capture): Capture {
  const frames = packed.frames as readonly (PackedFrame | CapturedHttp | CaptureLabel)[];
  return { ...packed, frames: frames.map((item) => ('dir' in item ? unpackFrame(item) : item)) };
}

function unpackFrame(frame: PackedFrame): CapturedFrame {
  const { dir, socket, decoded } = frame;
  const bytes = 'hex' in frame ? Buffer.from(frame.hex, 'hex') : gunzipSync(Buffer.from(frame.gzipBase64, 'base64'));
  return { dir, socket, bytes, decoded };
}

function readJson(path: string): unknown {
  const bytes = readFileSync(new URL(path, import.meta.url));
  return JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
}
