import { UsageError } from '../../protocol/error/transport-error.ts';
import { DEFAULT_LIMITS, type WireLimits } from '../../protocol/wire/limits.ts';

/** Every option there is: the compiler sees to it that none is forgotten. */
export type OptionNames<Options> = Readonly<Record<keyof Options, true>>;

/** @throws ERR_CONFIG for an option nobody would ever look at: a typing error */
export function checkNames<Options extends object>(whose: string, options: Options, names: OptionNames<Options>): void {
  const stranger = Object.keys(options).find((name) => !Object.hasOwn(names, name));
  if (stranger === undefined) return;
  throw new UsageError('ERR_CONFIG', {}, `${stranger} is no option of ${whose}, expected ${Object.keys(names).join(', ')}`);
}

/**
 * @param least smallest number that makes sense
 * @returns the number
 * @throws ERR_CONFIG when it is less than `least` or none at all
 */
export function atLeast(least: number, name: string, value: number): number {
  if (typeof value !== 'number' || !(value >= least))
    throw new UsageError('ERR_CONFIG', {}, `${name}: ${String(value)} is no number from ${least}`);
  return value;
}

/** @throws ERR_CONFIG unless it is a number of milliseconds above 0; Infinity is one */
export function positiveMs(name: string, value: number): number {
  if (typeof value !== 'number' || !(value > 0)) {
    throw new UsageError('ERR_CONFIG', {}, `${name}: ${String(value)} is no number of milliseconds above 0`);
  }
  return value;
}

/** Longest delay a timer of the platform can hold; longer ones would fire at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** @throws ERR_CONFIG unless a timer of the platform can wait so many milliseconds */
export function timerMs(name: string, value: number): number {
  if (typeof value !== 'number' || !(value >= 0 && value <= MAX_TIMER_MS)) {
    throw new UsageError('ERR_CONFIG', {}, `${name}: ${String(value)} is no number of milliseconds from 0 to ${MAX_TIMER_MS}`);
  }
  return value;
}

const LIMIT_NAMES: OptionNames<WireLimits> = { maxFrameBytes: true, maxHeaderBytes: true, maxInflatedBytes: true, maxStreamBytes: true };

/** The limits of an endpoint. @throws ERR_CONFIG for one that is no number from 1, or an unknown one */
export function wireLimits(given: Partial<WireLimits> = {}): WireLimits {
  checkNames('limits', given, LIMIT_NAMES);
  const limit = (name: keyof WireLimits): number => atLeast(1, `limits.${name}`, given[name] ?? DEFAULT_LIMITS[name]);
  return {
    maxFrameBytes: limit('maxFrameBytes'),
    maxHeaderBytes: limit('maxHeaderBytes'),
    maxInflatedBytes: limit('maxInflatedBytes'),
    maxStreamBytes: limit('maxStreamBytes'),
  };
}
