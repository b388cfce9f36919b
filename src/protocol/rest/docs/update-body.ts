import { type FieldsOf, longMember, readMembers } from '../body-members.ts';
import { fetchSourceOf } from '../fetch-source.ts';
import { parseFailure } from '../refusals.ts';
import { scriptOf } from '../script-json.ts';

/** Documents stay the text they are. */
const documentOf = (_: unknown, raw: string) => ({ source: raw });

const MEMBERS = {
  doc: ['doc', documentOf],
  upsert: ['upsert', documentOf],
  script: ['script', scriptOf],
  doc_as_upsert: ['docAsUpsert', booleanOf],
  detect_noop: ['detectNoop', booleanOf],
  scripted_upsert: ['scriptedUpsert', booleanOf],
  _source: ['fetchSource', fetchSourceOf],
  if_seq_no: ['ifSeqNo', longMember],
  if_primary_term: ['ifPrimaryTerm', longMember],
} as const;

/** Reads the body of an update: partial document, upsert, script and switches. @throws StatusError 400 */
export function updateBodyFrom(text: string): FieldsOf<typeof MEMBERS> {
  return readMembers(MEMBERS, text, { unknown: (name) => parseFailure(`[UpdateRequest] unknown field [${name}]`) });
}

function booleanOf(value: unknown, _: string, name: string): boolean {
  if (typeof value === 'boolean') return value;
  throw parseFailure(`[UpdateRequest] failed to parse field [${name}]`);
}
