import { enumeration, optional, struct, withDefault } from '../../codec/combinators.ts';
import type { GenericMap } from '../../codec/generic-kinds.ts';
import { genericMap } from '../../codec/generic-map.ts';
import { string } from '../../codec/primitives.ts';
import { type InitOf, typed } from '../../codec/typed.ts';

const SCRIPT_TYPES = ['INLINE', 'STORED'] as const satisfies readonly ScriptType[];

/** Whether a script is code in the request, or stored in the cluster under an id. */
export type ScriptType = 'INLINE' | 'STORED';

/** A script that a node runs. */
export interface Script {
  /** Default: `INLINE`. */
  readonly type: ScriptType;
  /** Its language, such as `painless`. Required for inline scripts; null for stored ones. */
  readonly lang: string | null;
  /** The code of an inline script, the id of a stored one. */
  readonly idOrCode: string;
  /** Options of the compiler. Default: an empty map. */
  readonly options: GenericMap | null;
  /** What the script sees as `params`. `toGeneric` of `opensearch-transport/protocol` makes one of a plain object. Default: an empty map. */
  readonly params: GenericMap | null;
}

/** A {@link Script} to send. */
export interface ScriptInit extends InitOf<Script, 'idOrCode'> {}

const NOTHING = { t: 'map', v: [] } as const;

/**
 * `enum` type, `opt str` language (absent for stored scripts), `str` source or id, generic map options, generic map parameters.
 *
 * @see wire-format.md §11.7
 */
export const script = typed<Script, ScriptInit>()(
  struct(
    {
      type: withDefault(enumeration('script type', SCRIPT_TYPES), 'INLINE'),
      lang: optional(string),
      idOrCode: string,
      options: withDefault(genericMap, NOTHING),
      params: withDefault(genericMap, NOTHING),
    },
    'Script',
  ),
);
