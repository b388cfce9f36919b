import { type IndicesOptions, INDICES_OPTIONS } from '../codec/indices-options.ts';
import { type QueryParameters, splitCommas } from './query-parameters.ts';
import { illegalArgument } from './refusals.ts';

type Option = (typeof INDICES_OPTIONS)[number];
type Wildcards = IndicesOptions['wildcards'];

const EXPANDED: Readonly<Record<string, Wildcards>> = {
  open: ['OPEN'],
  closed: ['CLOSED'],
  hidden: ['HIDDEN'],
  all: ['OPEN', 'CLOSED', 'HIDDEN'],
};

/**
 * How index names are resolved, from `expand_wildcards`, `ignore_unavailable`, `allow_no_indices` and `ignore_throttled`.
 *
 * @param usual what the action has without them
 * @throws StatusError 400
 */
export function indicesOptionsFrom(query: QueryParameters, usual: IndicesOptions): IndicesOptions {
  const wildcards = query.text('expand_wildcards');
  const options = new Set<Option>(usual.options);
  const turn = (name: string, option: Option) => {
    const on = flag(query, name);
    if (on === true) options.add(option);
    if (on === false) options.delete(option);
  };
  turn('ignore_unavailable', 'IGNORE_UNAVAILABLE');
  turn('allow_no_indices', 'ALLOW_NO_INDICES');
  turn('ignore_throttled', 'IGNORE_THROTTLED');
  return {
    options: INDICES_OPTIONS.filter((option) => options.has(option)),
    wildcards: wildcards === undefined ? usual.wildcards : expanded(wildcards),
  };
}

function flag(query: QueryParameters, name: string): boolean | undefined {
  try {
    return query.flag(name);
  } catch (error) {
    throw illegalArgument(`Could not convert [${name}] to boolean`, error);
  }
}

/** The last `none` wipes out what stood before it. */
function expanded(text: string): Wildcards {
  let states: Wildcards = [];
  for (const name of splitCommas(text)) {
    const added = name === 'none' ? [] : EXPANDED[name];
    if (added === undefined) throw illegalArgument(`No valid expand wildcard value [${name}]`);
    states = name === 'none' ? [] : [...states, ...added];
  }
  return [...new Set(states)];
}
