/** Two ways to use the library that are measured in turn inside the same pair of processes. */
export interface PairedCase {
  /** What the comparison is about. */
  readonly feature: string;
  /** Name of the case in results. */
  readonly name: string;
  /** Contender that pays for the feature, and its name in the registry. */
  readonly pays: string;
  readonly paysKey: string;
  /** Contender that does not pay for it, and its name in the registry. */
  readonly base: string;
  readonly baseKey: string;
  /** Left out of the headline set. @default false */
  readonly fullOnly?: boolean;
}

const OURS = 'opensearch-transport';

/** The same thing on both sides: how far from zero a comparison comes out when there is nothing to find. */
export const CONTROL_CASE: PairedCase = {
  feature: 'nothing (A/A control)',
  name: 'A/A control',
  pays: `${OURS}, again`,
  paysKey: OURS,
  base: OURS,
  baseKey: OURS,
};

/** Comparisons of the part `features`, the control first. */
export const PAIRED_CASES: readonly PairedCase[] = [
  CONTROL_CASE,
  withDefaults('features left unused', 'without the features', 'featureless'),
  withDefaults('deadlines', 'without deadlines', 'no-deadline'),
  addedTo('a shared AbortSignal', 'signal'),
  addedTo('an interceptor', 'interceptor'),
  addedTo('metrics on both ends', 'metrics'),
  { ...withDefaults('an asynchronous handler', 'a synchronous handler', 'synchronous'), fullOnly: true },
];

/** Returns the comparison about a feature. @throws Error for an unknown feature */
export function pairedCase(feature: string): PairedCase {
  const found = PAIRED_CASES.find((one) => one.feature === feature);
  if (found === undefined) throw new Error(`unknown feature ${feature}`);
  return found;
}

/** The defaults pay for it; a variant goes without. */
function withDefaults(feature: string, base: string, key: string): PairedCase {
  return { feature, name: feature, pays: OURS, paysKey: OURS, base, baseKey: `${OURS}/${key}` };
}

/** A variant pays for it; the defaults go without. */
function addedTo(feature: string, key: string): PairedCase {
  return { feature, name: feature, pays: feature, paysKey: `${OURS}/${key}`, base: OURS, baseKey: OURS };
}
