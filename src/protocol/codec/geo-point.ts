import type { Codec } from './codec.ts';
import { struct } from './combinators.ts';
import { double } from './primitives.ts';

/** A place, in degrees. */
export interface GeoPoint {
  readonly lat: number;
  readonly lon: number;
}

/** `f64` latitude, `f64` longitude. @see wire-format.md §8.5 */
export const geoPoint: Codec<GeoPoint> = struct({ lat: double, lon: double }, 'GeoPoint');
