import type { FetchSourceContext } from '../../action/shared/fetch-source.ts';
import { isObject, jsonObject } from '../body.ts';
import { versionTypeOf } from '../common-parameters.ts';
import { membersOf } from '../json-members.ts';
import { longFrom } from '../long-text.ts';
import { illegalArgument } from '../refusals.ts';
import { fetchSourceOf } from './update-body.ts';

const OPERATIONS = ['create', 'delete', 'index', 'update'] as const;

/** What can be done to a document. */
type Operation = (typeof OPERATIONS)[number];

/** What path and query say for items that do not say it themselves. */
export interface BulkDefaults {
  readonly index?: string | undefined;
  readonly routing?: string | undefined;
  readonly pipeline?: string | undefined;
  readonly requireAlias?: boolean | undefined;
  readonly fetchSource?: FetchSourceContext | undefined;
}

/** What a line of metadata says of its operation. */
export interface Metadata {
  /** Undefined when neither the line nor the path names one. */
  readonly index?: string | undefined;
  readonly id?: string | undefined;
  readonly routing?: string | undefined;
  readonly opType?: string | undefined;
  readonly version?: number | bigint | undefined;
  readonly versionType?: ReturnType<typeof versionTypeOf> | undefined;
  readonly ifSeqNo?: number | bigint | undefined;
  readonly ifPrimaryTerm?: number | bigint | undefined;
  readonly retryOnConflict?: number | undefined;
  readonly pipeline?: string | undefined;
  readonly requireAlias?: boolean | undefined;
  readonly fetchSource?: FetchSourceContext | undefined;
}

/** What each field of the metadata is called and how it is read; `raw` is its text. */
const FIELDS: Readonly<Record<string, readonly [keyof Metadata, (value: unknown, raw: string) => unknown]>> = {
  _index: ['index', textOf],
  _id: ['id', textOf],
  routing: ['routing', textOf],
  op_type: ['opType', textOf],
  version: ['version', longOf],
  version_type: ['versionType', (value, raw) => versionTypeOf(textOf(value, raw))],
  if_seq_no: ['ifSeqNo', longOf],
  if_primary_term: ['ifPrimaryTerm', longOf],
  retry_on_conflict: ['retryOnConflict', intOf],
  pipeline: ['pipeline', textOf],
  require_alias: ['requireAlias', booleanOf],
  _source: ['fetchSource', fetchSourceOf],
};

/**
 * Reads a line of metadata: `{"index":{"_index":"notes","_id":"1"}}`.
 *
 * @param line its number, from 1
 * @throws StatusError 400, naming the line
 */
export function metadataOf(text: string, line: number, defaults: BulkDefaults): [Operation, Metadata] {
  const entries = Object.entries(jsonObject(text));
  const [name, fields] = entries[0] ?? [];
  if (name === undefined || entries.length > 1)
    throw malformed(line, `expected FIELD_NAME but found [${name === undefined ? 'END_OBJECT' : 'FIELD_NAME'}]`);
  const operation = OPERATIONS.find((each) => each === name);
  if (operation === undefined) throw malformed(line, `expected one of [${OPERATIONS.join(', ')}] but found [${name}]`);
  if (!isObject(fields)) throw malformed(line, `expected START_OBJECT or END_OBJECT but found [${tokenOf(fields)}]`);
  return [operation, withFields(fields, membersOf(membersOf(text).get(name) ?? '{}'), line, defaults)];
}

type Fields = Readonly<Record<string, unknown>>;

function withFields(fields: Fields, raw: ReadonlyMap<string, string>, line: number, defaults: BulkDefaults): Metadata {
  const metadata: Record<string, unknown> = { ...defaults };
  for (const [name, value] of Object.entries(fields)) {
    const known = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    if (known === undefined) throw illegalArgument(`Action/metadata line [${line}] contains an unknown parameter [${name}]`);
    if (value === null) continue;
    if (typeof value === 'object' && name !== '_source') {
      throw malformed(line, `expected a simple value for field [${name}] but found [${tokenOf(value)}]`);
    }
    metadata[known[0]] = known[1](value, raw.get(name) ?? '');
  }
  return metadata as unknown as Metadata;
}

function malformed(line: number, why: string) {
  return illegalArgument(`Malformed action/metadata line [${line}], ${why}`);
}

function tokenOf(value: unknown): string {
  if (value === null) return 'VALUE_NULL';
  if (typeof value === 'object') return Array.isArray(value) ? 'START_ARRAY' : 'START_OBJECT';
  return `VALUE_${typeof value === 'boolean' ? 'BOOLEAN' : typeof value === 'number' ? 'NUMBER' : 'STRING'}`;
}

/** Numbers are texts too, with all of their digits. */
function textOf(value: unknown, raw: string): string {
  return typeof value === 'string' ? value : raw;
}

function longOf(value: unknown, raw: string): number | bigint {
  return longFrom(textOf(value, raw));
}

function intOf(value: unknown, raw: string): number {
  const number = Number(textOf(value, raw));
  if ((number | 0) !== number) throw illegalArgument(`Value [${raw}] is out of range for an integer`);
  return number;
}

function booleanOf(value: unknown): boolean {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw illegalArgument(`Failed to parse value [${String(value)}] as only [true] or [false] are allowed.`);
}
