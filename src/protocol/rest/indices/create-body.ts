import type { RequestOf } from '../../action/define-action.ts';
import type { createIndex } from '../../action/indices/create-index.ts';
import { toGeneric } from '../../codec/generic-natural.ts';
import type { GenericMap } from '../../codec/generic-kinds.ts';
import { isObject } from '../body.ts';
import { readMembers } from '../body-members.ts';
import { illegalArgument, parseFailure } from '../refusals.ts';
import { flatSettings, scalarText } from '../settings-json.ts';

type CreateInit = RequestOf<typeof createIndex>;
type Fields = Readonly<Record<string, unknown>>;

/** Each is an object: the rules of the table see to it. */
const PARTS = {
  settings: ['settings', (value: unknown) => flatSettings(value as Fields)],
  mappings: ['mappings', mappingsOf],
  aliases: ['aliases', (value: unknown) => Object.entries(value as Fields).map(([name, alias]) => aliasOf(name, alias))],
  context: ['context', contextOf],
} as const;

/** Reads the body of a new index: settings, mappings, aliases and context. @throws StatusError 400 */
export function createBodyFrom(text: string): Pick<CreateInit, 'settings' | 'mappings' | 'aliases' | 'context'> {
  return readMembers(PARTS, text, {
    unknown: (name) => parseFailure(`unknown key [${name}] for create index`),
    accepts: (value, name) => {
      if (!isObject(value)) throw parseFailure(`key [${name}] must be an object`);
      return true;
    },
  });
}

/** REST nests mappings below the one type there is. */
function mappingsOf(value: unknown, raw: string): string {
  const names = Object.keys(value as Fields);
  if (names.length === 1 && names[0] === '_doc') throw illegalArgument('The mapping definition cannot be nested under a type');
  return `{"_doc":${raw}}`;
}

function aliasOf(name: string, value: unknown): NonNullable<CreateInit['aliases']>[number] {
  if (!isObject(value)) throw parseFailure(`alias [${name}] must be an object`);
  const { filter = null, routing, index_routing, search_routing, is_write_index, is_hidden } = value;
  return {
    name,
    filter: filter === null ? null : JSON.stringify(filter),
    indexRouting: textOf(index_routing ?? routing),
    searchRouting: textOf(search_routing ?? routing),
    writeIndex: typeof is_write_index === 'boolean' ? is_write_index : null,
    isHidden: typeof is_hidden === 'boolean' ? is_hidden : null,
  };
}

const textOf = (value: unknown): string | null => (value === undefined || value === null ? null : scalarText(value));

function contextOf(value: unknown): NonNullable<CreateInit['context']> {
  const { name, version, params } = value as Fields;
  if (typeof name !== 'string') throw parseFailure('Required [name] of the context');
  return { name, version: textOf(version) ?? '_latest', params: toGeneric(isObject(params) ? params : {}) as GenericMap };
}
