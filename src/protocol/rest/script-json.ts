import type { InOf } from '../codec/codec.ts';
import { toGeneric } from '../codec/generic-natural.ts';
import type { GenericMap } from '../codec/generic-kinds.ts';
import type { script } from '../action/shared/script.ts';
import { isObject } from './body.ts';
import { illegalArgument, parseFailure } from './refusals.ts';

/** Reads a script: its source as text, or an object with `source` or `id`, `lang`, `params` and `options`. @throws StatusError 400 */
export function scriptOf(value: unknown): InOf<typeof script> {
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
