import { type IndicesOptions, INDICES_OPTIONS } from '../codec/indices-options.ts';
import { optional, together } from './parameters.ts';
import { commaList, optionFlag, type ParameterType } from './parameter-types.ts';
import { illegalArgument } from './refusals.ts';
import type { RestRequest } from './rest-message.ts';

type Wildcards = IndicesOptions['wildcards'];

const EXPANDED: ReadonlyMap<string, Wildcards> = new Map([
  ['open', ['OPEN']],
  ['closed', ['CLOSED']],
  ['hidden', ['HIDDEN']],
  ['all', ['OPEN', 'CLOSED', 'HIDDEN']],
  ['none', []],
]);

/** The last `none` removes what stands before it. */
const expandWildcards: ParameterType<Wildcards> = {
  type: 'list',
  values: [...EXPANDED.keys()],
  read: (text, parameter) => {
    const names = commaList.read(text, parameter);
    const unknown = names.find((name) => !EXPANDED.has(name));
    if (unknown !== undefined) throw illegalArgument(`No valid expand wildcard value [${unknown}]`);
    return [...new Set(names.slice(names.lastIndexOf('none') + 1).flatMap((name) => EXPANDED.get(name) ?? []))];
  },
};

const SWITCHES = {
  ignore_unavailable: 'IGNORE_UNAVAILABLE',
  allow_no_indices: 'ALLOW_NO_INDICES',
  ignore_throttled: 'IGNORE_THROTTLED',
} as const;

/** Parameters that say how index names are resolved. @param usual what the action does without them */
export function indicesOptionsParameters(usual: IndicesOptions) {
  const usually = (name: keyof typeof SWITCHES) => String(usual.options.includes(SWITCHES[name]));
  return together('indicesOptions', (request) => optionsFrom(request, usual), {
    expand_wildcards: [expandWildcards, 'Which indices a pattern matches', usual.wildcards.join(',').toLowerCase()],
    ignore_unavailable: [optionFlag, 'Skip names of indices that are missing or closed', usually('ignore_unavailable')],
    allow_no_indices: [optionFlag, 'Accept patterns that match no index', usually('allow_no_indices')],
    ignore_throttled: [optionFlag, 'Skip throttled indices', usually('ignore_throttled')],
  });
}

function optionsFrom(request: RestRequest, usual: IndicesOptions): IndicesOptions {
  const isOn = new Map(Object.entries(SWITCHES).map(([name, each]) => [each as string, optional(request, optionFlag, name)]));
  return {
    options: INDICES_OPTIONS.filter((each) => isOn.get(each) ?? usual.options.includes(each)),
    wildcards: optional(request, expandWildcards, 'expand_wildcards') ?? usual.wildcards,
  };
}
