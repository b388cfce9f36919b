import { enumeration, optional, struct, withDefault } from '../../codec/combinators.ts';
import { genericMap } from '../../codec/generic-map.ts';
import { string } from '../../codec/primitives.ts';

const NOTHING = { t: 'map', v: [] } as const;

/**
 * `enum` type, `opt str` language (absent for stored scripts), `str` source or id, generic map options, generic map parameters.
 *
 * @see wire-format.md §11.7
 */
export const script = struct(
  {
    type: withDefault(enumeration('script type', ['INLINE', 'STORED']), 'INLINE'),
    lang: optional(string),
    idOrCode: string,
    options: withDefault(genericMap, NOTHING),
    params: withDefault(genericMap, NOTHING),
  },
  'Script',
);
