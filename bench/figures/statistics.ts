/** Median and bounds of several rounds. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The middle value; the mean of the two middle ones of an even number. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** Median, smallest and largest. */
export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * Ratios of two contenders inside the same rounds: what drifts between rounds cancels out.
 *
 * @returns one ratio for every round both have
 */
export function paired(ours: readonly (number | null)[], theirs: readonly (number | null)[]): number[] {
  const ratios: number[] = [];
  for (let round = 0; round < Math.min(ours.length, theirs.length); round++) {
    const [a, b] = [ours[round], theirs[round]];
    if (typeof a === 'number' && typeof b === 'number' && b !== 0) ratios.push(a / b);
  }
  return ratios;
}

/** How far two series are from each other, as a share: the median of their ratios inside the same rounds; null without any. */
export function difference(first: readonly (number | null)[], second: readonly (number | null)[]): number | null {
  const ratios = paired(second, first);
  return ratios.length === 0 ? null : Math.abs(median(ratios) - 1);
}

/**
 * How sure a median is, as a share of it: medians of two series that differ by less than both of these together may be the same (the notches of a box
 * plot, McGill, Tukey and Larsen 1978). Of few values it is half their range.
 */
export function uncertainty(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] as number;
  const half = sorted.length < 6 ? (at(1) - at(0)) / 2 : (1.57 * (at(0.75) - at(0.25))) / Math.sqrt(sorted.length);
  return half / Math.abs(median(values));
}

/** Slope of the line through the points that fits best (least squares). */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const over = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return over / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
