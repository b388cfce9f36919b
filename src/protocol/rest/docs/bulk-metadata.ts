import { isObject, jsonObject } from '../body.ts';
import { type FieldsOf, flagMember, intMember, longMember, readMembers, textMember } from '../body-members.ts';
import { fetchSourceOf } from '../fetch-source.ts';
import { membersOf } from '../json-members.ts';
import { versionType } from '../parameter-types.ts';
import { illegalArgument } from '../refusals.ts';

const OPERATIONS = ['create', 'delete', 'index', 'update'] as const;

type Operation = (typeof OPERATIONS)[number];

const FIELDS = {
  _index: ['index', textMember],
  _id: ['id', textMember],
  routing: ['routing', textMember],
  op_type: ['opType', textMember],
  version: ['version', longMember],
  version_type: ['versionType', (value: unknown, raw: string, name: string) => versionType.read(textMember(value, raw), name)],
  if_seq_no: ['ifSeqNo', longMember],
  if_primary_term: ['ifPrimaryTerm', longMember],
  retry_on_conflict: ['retryOnConflict', intMember],
  pipeline: ['pipeline', textMember],
  require_alias: ['requireAlias', flagMember],
  _source: ['fetchSource', fetchSourceOf],
} as const;

/** Metadata of one operation; without `index` when neither the line nor the path names one. */
export type Metadata = FieldsOf<typeof FIELDS>;

/** Metadata from path and query, for items without their own. */
export type BulkDefaults = Pick<Metadata, 'index' | 'routing' | 'pipeline' | 'requireAlias' | 'fetchSource'>;

/**
 * Reads a line of metadata: `{"index":{"_index":"notes","_id":"1"}}`.
 *
 * @param line its number, from 1
 * @throws StatusError 400, naming the line
 */
export function metadataOf(text: string, line: number, defaults: BulkDefaults): [Operation, Metadata] {
  const [[name, fields] = [], second] = Object.entries(jsonObject(text));
  if (name === undefined || second !== undefined) {
    throw malformed(line, `expected FIELD_NAME but found [${name === undefined ? 'END_OBJECT' : 'FIELD_NAME'}]`);
  }
  const operation = OPERATIONS.find((each) => each === name);
  if (operation === undefined) throw malformed(line, `expected one of [${OPERATIONS.join(', ')}] but found [${name}]`);
  if (!isObject(fields)) throw malformed(line, `expected START_OBJECT or END_OBJECT but found [${tokenOf(fields)}]`);
  const read = readMembers(FIELDS, membersOf(text).get(name) ?? '', {
    unknown: (field) => illegalArgument(`Action/metadata line [${line}] contains an unknown parameter [${field}]`),
    accepts: (value, field) => {
      if (typeof value !== 'object' || field === '_source') return value !== null;
      if (value === null) return false;
      throw malformed(line, `expected a simple value for field [${field}] but found [${tokenOf(value)}]`);
    },
  });
  return [operation, { ...defaults, ...read }];
}

function malformed(line: number, why: string) {
  return illegalArgument(`Malformed action/metadata line [${line}], ${why}`);
}

function tokenOf(value: unknown): string {
  if (value === null) return 'VALUE_NULL';
  if (typeof value === 'object') return Array.isArray(value) ? 'START_ARRAY' : 'START_OBJECT';
  return `VALUE_${typeof value === 'boolean' ? 'BOOLEAN' : typeof value === 'number' ? 'NUMBER' : 'STRING'}`;
}
