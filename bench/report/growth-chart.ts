import { digits } from '../figures/units.ts';
import { escape, type Layout } from './bars.ts';

/** A step of a scaling dimension: what ten times as much costs. */
export interface GrowthStep {
  readonly label: string;
  readonly factor: number;
  readonly low: number;
  readonly high: number;
  /** A/A of the step, as a share; null where it was not measured. */
  readonly noise: number | null;
}

/** Most that ten times as much may cost. */
const GROWTH_LIMIT = 11;

/** Draws steps of ten as bars with their bounds, and a line at the most they may cost. */
export function growthChart(steps: readonly GrowthStep[], { width, label, value, bar, step }: Layout): string {
  const room = width - label - value;
  const top = Math.max(GROWTH_LIMIT * 1.1, ...steps.map(({ high }) => high));
  const x = (factor: number): string => (label + (factor / top) * room).toFixed(1);
  const height = steps.length * step + 4;
  const bars = steps.map(({ label: name, factor, low, high, noise }, at) => {
    const [y, middle] = [at * step + 4, at * step + 4 + bar / 2];
    const aa = noise === null ? '' : ` · A/A ±${digits(noise * 100)} %`;
    return [
      `<g class="control"><text x="${label - 8}" y="${middle}" text-anchor="end">${escape(name)}</text>`,
      `<rect x="${label}" y="${y}" width="${(Number(x(factor)) - label).toFixed(1)}" height="${bar}" rx="2"/>`,
      `<path class="whisker" d="M${x(low)} ${middle - 4}v8M${x(low)} ${middle}H${x(high)}M${x(high)} ${middle - 4}v8"/>`,
      `<text x="${width - value + 16}" y="${middle}">${digits(factor)}×${aa}</text></g>`,
    ].join('');
  });
  const limit = `<path class="whisker" stroke-dasharray="4 3" d="M${x(GROWTH_LIMIT)} 0V${height}"/>`;
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="cost of ten times as much">${bars.join('')}${limit}</svg>`;
}
