import type { RequestOf } from '../../action/define-action.ts';
import type { updateDocument } from '../../action/docs/update-document.ts';
import { toGeneric } from '../../codec/generic-natural.ts';
import type { GenericMap } from '../../codec/generic-kinds.ts';
import { isObject } from '../body.ts';
import { type FieldsOf, readMembers } from '../body-members.ts';
import { fetchSourceOf } from '../fetch-source.ts';
import { longFrom } from '../long-text.ts';
import { illegalArgument, parseFailure } from '../refusals.ts';

/** Documents stay the text they are. */
const MEMBERS = {
  doc: ['doc', documentOf],
  upsert: ['upsert', documentOf],
  script: ['script', scriptOf],
  doc_as_upsert: ['docAsUpsert', booleanOf],
  detect_noop: ['detectNoop', booleanOf],
  scripted_upsert: ['scriptedUpsert', booleanOf],
  _source: ['fetchSource', fetchSourceOf],
  if_seq_no: ['ifSeqNo', (_: unknown, raw: string) => longFrom(raw)],
  if_primary_term: ['ifPrimaryTerm', (_: unknown, raw: string) => longFrom(raw)],
} as const;

/** Reads the body of an update: partial document, upsert, script and switches. @throws StatusError 400 */
export function updateBodyFrom(text: string): FieldsOf<typeof MEMBERS> {
  return readMembers(MEMBERS, text, { unknown: (name) => parseFailure(`[UpdateRequest] unknown field [${name}]`) });
}

function documentOf(_: unknown, raw: string) {
  return { source: raw };
}

function booleanOf(value: unknown, _: string, name: string): boolean {
  if (typeof value === 'boolean') return value;
  throw parseFailure(`[UpdateRequest] failed to parse field [${name}]`);
}

/** A script: its source as text, or an object with `source` or `id`, `lang`, `params` and `options`. */
function scriptOf(value: unknown): NonNullable<RequestOf<typeof updateDocument>['script']> {
  if (typeof value === 'string') return { lang: 'painless', idOrCode: value };
  if (!isObject(value)) throw parseFailure('[script] unexpected value, expected a text or an object');
  const { source, id, lang = 'painless' } = value;
  if ((typeof source === 'string') === (typeof id === 'string'))
    throw illegalArgument('must specify either [source] for an inline script or [id] for a stored script');
  const { params, options } = { params: mapOf('params', value), options: mapOf('options', value) };
  if (typeof id === 'string') return { params, type: 'STORED', idOrCode: id, options: null };
  if (typeof lang !== 'string') throw parseFailure('[script] failed to parse field [lang]');
  return { params, lang, idOrCode: source as string, options };
}

function mapOf(name: string, { [name]: value }: Readonly<Record<string, unknown>>): GenericMap | undefined {
  if (value !== undefined && !isObject(value)) throw parseFailure(`[script] ${name} doesn't support values of type: ${typeof value}`);
  return value === undefined ? undefined : (toGeneric(value) as GenericMap);
}
