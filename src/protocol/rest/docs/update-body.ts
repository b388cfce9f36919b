import type { RequestOf } from '../../action/define-action.ts';
import type { updateDocument } from '../../action/docs/update-document.ts';
import type { FetchSourceContext } from '../../action/shared/fetch-source.ts';
import { toGeneric } from '../../codec/generic-natural.ts';
import type { GenericMap } from '../../codec/generic-kinds.ts';
import { isObject, jsonObject } from '../body.ts';
import { membersOf } from '../json-members.ts';
import { longFrom } from '../long-text.ts';
import { illegalArgument, parseFailure } from '../refusals.ts';

type UpdateInit = RequestOf<typeof updateDocument>;
type Fields = Readonly<Record<string, unknown>>;

/** What the body of an update says. */
export type UpdateBody = Pick<
  UpdateInit,
  'doc' | 'upsert' | 'script' | 'docAsUpsert' | 'detectNoop' | 'scriptedUpsert' | 'fetchSource' | 'ifSeqNo' | 'ifPrimaryTerm'
>;

/** How each member of the body is read; `raw` is its text. */
const MEMBERS: Readonly<Record<string, (value: unknown, raw: string) => UpdateBody>> = {
  doc: (_, raw) => ({ doc: { source: raw } }),
  upsert: (_, raw) => ({ upsert: { source: raw } }),
  script: (value) => ({ script: scriptOf(value) }),
  doc_as_upsert: (value) => ({ docAsUpsert: booleanOf('doc_as_upsert', value) }),
  detect_noop: (value) => ({ detectNoop: booleanOf('detect_noop', value) }),
  scripted_upsert: (value) => ({ scriptedUpsert: booleanOf('scripted_upsert', value) }),
  _source: (value) => ({ fetchSource: fetchSourceOf(value) }),
  if_seq_no: (_, raw) => ({ ifSeqNo: longFrom(raw) }),
  if_primary_term: (_, raw) => ({ ifPrimaryTerm: longFrom(raw) }),
};

/**
 * Reads the body of an update: partial document, upsert, script and switches. Documents stay the text they are.
 *
 * @throws StatusError 400
 */
export function updateBodyFrom(text: string): UpdateBody {
  const values = jsonObject(text);
  const raw = membersOf(text);
  let body: UpdateBody = {};
  for (const [name, value] of Object.entries(values)) {
    const read = Object.hasOwn(MEMBERS, name) ? MEMBERS[name] : undefined;
    if (read === undefined) throw parseFailure(`[UpdateRequest] unknown field [${name}]`);
    body = { ...body, ...read(value, raw.get(name) ?? '{}') };
  }
  return body;
}

function booleanOf(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw parseFailure(`[UpdateRequest] failed to parse field [${name}]`);
}

/** What `_source` says: on, off, one pattern, patterns, or includes and excludes. @throws StatusError 400 */
export function fetchSourceOf(value: unknown): FetchSourceContext {
  if (typeof value === 'boolean') return { fetch: value, includes: [], excludes: [] };
  if (typeof value === 'string' || Array.isArray(value)) return { fetch: true, includes: patternsOf(value), excludes: [] };
  if (!isObject(value)) throw parseFailure('Expected one of [VALUE_BOOLEAN, VALUE_STRING, START_ARRAY, START_OBJECT] for [_source]');
  return {
    fetch: true,
    includes: patternsOf(value['includes'] ?? value['include'] ?? []),
    excludes: patternsOf(value['excludes'] ?? value['exclude'] ?? []),
  };
}

function patternsOf(value: unknown): string[] {
  const patterns: readonly unknown[] = Array.isArray(value) ? value : [value];
  return patterns.map((pattern) => {
    if (typeof pattern !== 'string') throw parseFailure('Unknown key for a VALUE in [_source]: patterns are texts');
    return pattern;
  });
}

/** A script: its source as text, or an object with `source` or `id`, `lang`, `params` and `options`. */
function scriptOf(value: unknown): NonNullable<UpdateInit['script']> {
  if (typeof value === 'string') return { lang: 'painless', idOrCode: value };
  if (!isObject(value)) throw parseFailure('[script] unexpected value, expected a text or an object');
  const { source, id, lang = 'painless', params, options } = value;
  if ((typeof source === 'string') === (typeof id === 'string'))
    throw illegalArgument('must specify either [source] for an inline script or [id] for a stored script');
  const common = params === undefined ? {} : { params: mapOf('params', params) };
  if (typeof id === 'string') return { ...common, type: 'STORED', idOrCode: id, options: null };
  if (typeof lang !== 'string') throw parseFailure('[script] failed to parse field [lang]');
  return { ...common, lang, idOrCode: source as string, ...(options === undefined ? {} : { options: mapOf('options', options) }) };
}

function mapOf(name: string, value: unknown): GenericMap {
  if (!isObject(value)) throw parseFailure(`[script] ${name} doesn't support values of type: ${typeof value}`);
  return toGeneric(value as Fields) as GenericMap;
}
