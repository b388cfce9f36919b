import type { RequestOf } from '../../action/define-action.ts';
import type { createIndex } from '../../action/indices/create-index.ts';
import { setKey } from '../../codec/combinators.ts';
import { toGeneric } from '../../codec/generic-natural.ts';
import type { GenericMap } from '../../codec/generic-kinds.ts';
import type { SettingValue } from '../../codec/settings.ts';
import { isObject, jsonObject } from '../body.ts';
import { membersOf } from '../json-members.ts';
import { illegalArgument, parseFailure } from '../refusals.ts';

type CreateInit = RequestOf<typeof createIndex>;
type Alias = NonNullable<CreateInit['aliases']>[number];
type Fields = Readonly<Record<string, unknown>>;

/** What the body of a new index says. */
export type CreateBody = Pick<CreateInit, 'settings' | 'mappings' | 'aliases' | 'context'>;

/** How each part of the body is read; `raw` is its text. */
const PARTS: Readonly<Record<string, (value: Fields, raw: string) => CreateBody>> = {
  settings: (value) => ({ settings: flatSettings(value) }),
  mappings: (value, raw) => ({ mappings: mappingsOf(value, raw) }),
  aliases: (value) => ({ aliases: Object.entries(value).map(([name, alias]) => aliasOf(name, alias)) }),
  context: (value) => ({ context: contextOf(value) }),
};

/**
 * Reads the body of a new index: settings, mappings, aliases and context.
 *
 * @throws StatusError 400
 */
export function createBodyFrom(text: string): CreateBody {
  const values = jsonObject(text);
  const raw = membersOf(text);
  let body: CreateBody = {};
  for (const [name, value] of Object.entries(values)) {
    const read = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
    if (read === undefined) throw parseFailure(`unknown key [${name}] for create index`);
    if (!isObject(value)) throw parseFailure(`key [${name}] must be an object`);
    body = { ...body, ...read(value, raw.get(name) ?? '{}') };
  }
  return body;
}

/** Settings by flat key: objects inside become keys with points, values texts. */
function flatSettings(nested: Fields, prefix: string = ''): Record<string, SettingValue> {
  const flat: Record<string, SettingValue> = {};
  for (const [name, value] of Object.entries(nested)) {
    const key = prefix + name;
    if (!isObject(value)) setKey(flat, key, settingOf(value));
    else for (const [inner, setting] of Object.entries(flatSettings(value, `${key}.`))) setKey(flat, inner, setting);
  }
  return flat;
}

function settingOf(value: unknown): SettingValue {
  if (value === null) return null;
  return Array.isArray(value) ? value.map(scalarText) : scalarText(value);
}

function scalarText(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw parseFailure('a value of a setting or an alias is a text, a number or a boolean, or for settings a list of those');
}

/** REST puts mappings under the one type there is. */
function mappingsOf(value: Fields, raw: string): string {
  const names = Object.keys(value);
  if (names.length === 1 && names[0] === '_doc') throw illegalArgument('The mapping definition cannot be nested under a type');
  return `{"_doc":${raw}}`;
}

function aliasOf(name: string, value: unknown): Alias {
  if (!isObject(value)) throw parseFailure(`alias [${name}] must be an object`);
  const {
    filter,
    routing,
    index_routing: indexRouting,
    search_routing: searchRouting,
    is_write_index: writeIndex,
    is_hidden: isHidden,
  } = value;
  const common = textOf(routing);
  return {
    name,
    filter: filter === undefined || filter === null ? null : JSON.stringify(filter),
    indexRouting: textOf(indexRouting) ?? common,
    searchRouting: textOf(searchRouting) ?? common,
    writeIndex: typeof writeIndex === 'boolean' ? writeIndex : null,
    isHidden: typeof isHidden === 'boolean' ? isHidden : null,
  };
}

const textOf = (value: unknown): string | null => (value === undefined || value === null ? null : scalarText(value));

function contextOf({ name, version, params }: Fields): NonNullable<CreateInit['context']> {
  if (typeof name !== 'string') throw parseFailure('Required [name] of the context');
  return { name, version: textOf(version) ?? '_latest', params: toGeneric(isObject(params) ? params : {}) as GenericMap };
}
