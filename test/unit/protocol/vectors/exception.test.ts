import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../../../src/protocol/codec/codec.ts';
import { exceptionStatus } from '../../../../src/protocol/codec/exception/exception-status.ts';
import { exception } from '../../../../src/protocol/codec/exception/exception.ts';
import type { ExceptionValue } from '../../../../src/protocol/codec/exception/exception-value.ts';
import { fromForm, toForm } from '../../../../src/protocol/codec/json-form.ts';
import { httpCodeOf, type RestStatus } from '../../../../src/protocol/codec/rest-status.ts';
import { registeredException } from '../../../../src/protocol/codec/exception/registered.ts';
import { StreamInput } from '../../../../src/protocol/wire/stream-input.ts';
import { parseVersion, V_3_0_0 } from '../../../../src/protocol/wire/version.ts';
import { exceptionTable, type GoldenVector, goldenVectors, type Release, releases } from '../../../vectors/load.ts';

type Form = Record<string, unknown>;

interface GoldenException extends Form {
  readonly class: string;
  readonly message: string | null;
  readonly cause: GoldenException | null;
  readonly stack: readonly unknown[];
  readonly suppressed: readonly GoldenException[];
  readonly headers?: Form;
  readonly metadata?: Form;
  readonly extra: Form;
  readonly id?: number;
  readonly extraHex?: string;
  readonly wrapped?: boolean;
  readonly readBackClass?: string;
}

const WRAPPER = 'org.opensearch.core.common.io.stream.NotSerializableExceptionWrapper';

const exceptionsOf = (release: Release) => goldenVectors(release).filter(({ kind }) => kind === 'exception');
const optionsOf = (release: Release, { streamVersion }: GoldenVector) => ({
  version: parseVersion(streamVersion as string),
  peerVersion: parseVersion(release),
});

describe.each(releases)('exceptions of %s', (release) => {
  test.each(exceptionsOf(release).map((vector) => [vector.id, vector] as const))('%s', (_, vector) => {
    const bytes = Buffer.from(vector.hex, 'hex');
    const options = optionsOf(release, vector);
    const value = decode(exception, bytes, options);
    expect(encode(exception, value, options).toString('hex')).toBe(vector.hex);
    const form = toForm(exception.schema, value, options.version);
    expect(encode(exception, formBack(form), options).toString('hex')).toBe(vector.hex);
    const expected = vector.value as GoldenException | null;
    if (expected === null) expect(value).toBeNull();
    else expectSame(form as Form, expected);
    if (expected?.extraHex !== undefined) expect(extentOfExtra(bytes, options)).toBe(expected.extraHex);
  });

  test('the table has every id with class, gate and status', () => {
    const rows = exceptionTable(release);
    expect(rows).toHaveLength(release === '2.19.6' ? 150 : 156);
    for (const { id, class: name, since } of rows) {
      expect(registeredException(id, parseVersion(release))).toMatchObject({
        id,
        class: name,
        since: since === null ? 0 : parseVersion(since),
      });
    }
  });

  test('the status of every exception is what the release computes', () => {
    const vectors = new Map(exceptionsOf(release).map((vector) => [vector.id, vector]));
    const seen = exceptionTable(release).filter(({ id, class: name, status }) => {
      const vector = vectors.get(`exc.${id}.${name.split(/[.$]/).at(-1) ?? ''}@${release}`);
      if (vector === undefined) return false;
      const value = decode(exception, Buffer.from(vector.hex, 'hex'), optionsOf(release, vector)) as ExceptionValue;
      expect([id, exceptionStatus(value, parseVersion(release))]).toEqual([id, httpCodeOf(status as RestStatus)]);
      return true;
    });
    expect(seen.length).toBeGreaterThan(140);
  });

  test('error responses hold the message, address and action of the responder', () => {
    const frames = goldenVectors(release).filter(({ id }) => id.startsWith('frame.error'));
    expect(frames.length).toBeGreaterThan(4);
    for (const { id, value: golden } of frames) {
      const { node, address, action, cause, bodyHex } = golden as Form & { cause: GoldenException; bodyHex: string };
      const version = parseVersion(/\d+\.\d+\.\d+$/.exec(id)?.[0] ?? '');
      const options = { version, peerVersion: parseVersion(release) };
      const value = decode(exception, Buffer.from(bodyHex, 'hex'), options) as ExceptionValue;
      expect(encode(exception, value, options).toString('hex')).toBe(bodyHex);
      expect(value).toMatchObject({
        class: 'org.opensearch.transport.RemoteTransportException',
        id: 103,
        message: `[${String(node)}][${String(address)}][${String(action)}]`,
        stack: [],
        extra: { address: { ip: '7f000001', host: '127.0.0.1', port: 9300 }, action },
      });
      expectSame(toForm(exception.schema, value.cause, version) as Form, cause);
    }
  });
});

test('ids that only 3.x has are known when they come on a 2.x stream', () => {
  const only3 = exceptionTable('3.9.0').filter(({ id }) => exceptionTable('2.19.6').every((row) => row.id !== id));
  expect(only3.map(({ id }) => id)).toEqual([172, 173, 176, 177, 178, 179]);
  for (const { id, class: name } of only3) expect(registeredException(id, V_3_0_0 - 1)?.class).toBe(name);
});

function formBack(form: unknown): ExceptionValue | null {
  return fromForm(exception.schema, JSON.parse(JSON.stringify(form))) as ExceptionValue | null;
}

/** A golden value says what went in: what Java wrote under another class shows as that class. */
function expectSame(actual: Form, golden: GoldenException): void {
  const sentAs = golden.readBackClass ?? (actual['class'] as string);
  const asWrapper = sentAs === WRAPPER && golden.class !== WRAPPER;
  expect(actual['class']).toBe(sentAs);
  const message = asWrapper ? `${String((actual['extra'] as Form)['name'])}: ${String(golden.message)}` : golden.message;
  expectMessage(sentAs, actual['message'], message);
  expect(actual['stack']).toEqual(golden.stack);
  expect(actual['headers']).toEqual(golden.headers ?? {});
  expect(actual['metadata']).toEqual(golden.metadata ?? {});
  if (!asWrapper && golden.class === sentAs) {
    expect(actual['id']).toBe(golden.id ?? null);
    expectExtra(actual, golden);
  }
  const { cause } = actual;
  if (golden.cause === null || cause === null) expect(cause).toBe(golden.cause);
  else expectSame(cause as Form, golden.cause);
  const suppressed = actual['suppressed'] as readonly Form[];
  expect(suppressed).toHaveLength(golden.suppressed.length);
  golden.suppressed.forEach((each, i) => expectSame(suppressed[i] as Form, each));
}

function expectMessage(sentAs: string, actual: unknown, expected: string | null): void {
  // The text goes on with the release of Lucene, which is not on the wire.
  if (sentAs.endsWith('IndexFormatTooOldException')) expect(expected).toContain(actual);
  else expect(actual).toBe(expected);
}

function expectExtra({ id, extra }: Form, golden: GoldenException): void {
  if (id === 17) return expect(extra).toEqual({ unread: golden.extraHex });
  const actual = extra as Form;
  expect(Object.keys(actual).sort()).toEqual(Object.keys(golden.extra).sort());
  for (const [name, value] of Object.entries(golden.extra)) expect([name, asText(name, actual[name])]).toEqual([name, plain(name, value)]);
}

/** Golden values hold enums as name and ordinal, and a few objects as Java prints them. */
function plain(name: string, value: unknown): unknown {
  if (name === 'pos') return value === null ? null : 'position';
  if (name === 'shardFailures') return (value as readonly string[]).length;
  if (name === 'node') return value === null ? null : { ...(value as Form), attributes: {} };
  return typeof value === 'object' && value !== null && 'enum' in value ? value.enum : value;
}

function asText(name: string, value: unknown): unknown {
  if (value === null) return null;
  const fields = value as Form;
  switch (name) {
    case 'shardTarget': {
      const { index, shard } = fields['shardId'] as Form;
      return `[${String(fields['nodeId'])}][${String(index)}][${String(shard)}]`;
    }
    case 'contextId':
      return `[${String(fields['sessionId'])}][${String(fields['id'])}]`;
    case 'totalFilesSize':
      return `${String(fields['size'])}${String(fields['unit']).toLowerCase()}`;
    case 'decommissionAttribute':
      return `DecommissionAttribute{attributeName='${String(fields['attributeName'])}', attributeValue='${String(fields['attributeValue'])}'}`;
    case 'blocks':
      return (value as readonly Form[]).map(
        ({ id, uuid, description, levels }) => `${String(id)},${String(uuid)},${String(description)}, blocks ${String(levels)}`,
      );
    case 'restStatus':
      return value === 500 ? 'INTERNAL_SERVER_ERROR' : value === 404 ? 'NOT_FOUND' : value;
    case 'pos':
      return 'position';
    case 'shardFailures':
      return (value as readonly unknown[]).length;
    case 'node':
      return { ...fields, attributes: {} };
    default:
      return value;
  }
}

/** Where the trace of a reader sees the extra fields of the outermost exception. */
function extentOfExtra(bytes: Buffer, options: { version: number; peerVersion: number }): string {
  const starts: number[] = [];
  let extent = '';
  const trace = {
    enter: (name: string, offset: number) => void starts.push(name === 'extra' && starts.length === 0 ? offset : -1),
    leave: (offset: number) => {
      const start = starts.pop() ?? -1;
      if (start >= 0) extent = bytes.toString('hex', start, offset);
    },
  };
  exception.read(new StreamInput(bytes, { ...options, trace }));
  return extent;
}
