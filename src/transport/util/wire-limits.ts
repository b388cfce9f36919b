import { DEFAULT_LIMITS, type WireLimits } from '../../protocol/wire/limits.ts';
import { isCount, isOptions, type OptionCheck } from './check-options.ts';

/** The check of the option `limits`. */
export const areWireLimits: OptionCheck = isOptions<WireLimits>('limits', {
  maxFrameBytes: isCount(1),
  maxHeaderBytes: isCount(1),
  maxInflatedBytes: isCount(1),
  maxInflationRatio: isCount(1),
  maxStreamBytes: isCount(1),
  maxDecodedBytes: isCount(1),
});

/** Returns checked limits completed with the defaults. */
export function wireLimits(given: Partial<WireLimits> = {}): WireLimits {
  return {
    maxFrameBytes: given.maxFrameBytes ?? DEFAULT_LIMITS.maxFrameBytes,
    maxHeaderBytes: given.maxHeaderBytes ?? DEFAULT_LIMITS.maxHeaderBytes,
    maxInflatedBytes: given.maxInflatedBytes ?? DEFAULT_LIMITS.maxInflatedBytes,
    maxInflationRatio: given.maxInflationRatio ?? DEFAULT_LIMITS.maxInflationRatio,
    maxStreamBytes: given.maxStreamBytes ?? DEFAULT_LIMITS.maxStreamBytes,
    maxDecodedBytes: given.maxDecodedBytes ?? DEFAULT_LIMITS.maxDecodedBytes,
  };
}
