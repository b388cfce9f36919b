import { UsageError } from '../error/transport-error.ts';
import type { StreamInput } from '../wire/stream-input.ts';
import type { Codec } from './codec.ts';
import { genericFromForm, genericToForm } from './generic-form.ts';
import type { GenericMap, GenericValue } from './generic-kinds.ts';
import { genericValue } from './generic-value.ts';

const isMap = (value: GenericValue): value is GenericMap => value.t === 'map' || value.t === 'orderedMap';

function readMap(input: StreamInput): GenericMap | null {
  const offset = input.offset;
  const value = genericValue.read(input);
  if (value.t === 'null') return null;
  if (!isMap(value)) throw input.fail(`expected a map, found a ${value.t}`, offset);
  return value;
}

function mapOrNull(value: GenericMap | null | undefined): GenericMap | null {
  if (value === null || value === undefined) return null;
  if (!isMap(value)) throw new UsageError('ERR_USAGE', {}, "expected a generic map, for example { t: 'map', v: [[key, value]] }, or null");
  return value;
}

const schema: Codec<unknown>['schema'] = {
  kind: 'custom',
  name: 'genericMap',
  toForm: (value: GenericMap | null) => (value === null ? null : genericToForm(value)),
  fromForm: (form) => (form === null || form === undefined ? null : mapOrNull(genericFromForm(form) as GenericMap)),
};

/** An untyped map (`Map<String, Object>`): a generic value that is a map, or null. @see wire-format.md §8.4 */
export const genericMap: Codec<GenericMap | null, GenericMap | null | undefined> = {
  schema,
  canOmit: true,
  read: readMap,
  write: (output, value) => genericValue.write(output, mapOrNull(value) ?? { t: 'null', v: null }),
};

/** An untyped map whose keys stand in ascending UTF-16 order, always as kind `map`, or null. @see wire-format.md §8.4 */
export const sortedGenericMap: Codec<GenericMap | null, GenericMap | null | undefined> = {
  ...genericMap,
  write: (output, value) => {
    const given = mapOrNull(value);
    genericMap.write(output, given === null ? null : { t: 'map', v: [...given.v].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) });
  },
};
