import { digits, withUnit } from '../figures/units.ts';
import type { Group, Row } from './table.ts';

const WIDTH = 880;
const LABEL = 250;
const VALUE = 170;
const BAR = 18;
const STEP = 26;
/** Contenders further apart than this are drawn on a logarithmic scale. */
const LOG_FROM = 30;

/** One group as an SVG bar chart: a bar to the median, a whisker from the smallest to the largest round. */
export function chart(group: Group): string {
  const rows = group.rows.filter((row) => Number.isFinite(row.median) && row.median > 0);
  if (rows.length === 0) return '';
  const scale = scaleOf(rows);
  const height = rows.length * STEP + 4;
  const bars = rows.map((row, at) => barOf(row, at * STEP + 4, group, scale.x)).join('');
  const label = `${group.case}, ${group.figure}${scale.logarithmic ? ', logarithmic' : ''}`;
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escape(label)}">${bars}</svg>${scale.logarithmic ? '<p class="note">logarithmic scale</p>' : ''}`;
}

function scaleOf(rows: readonly Row[]): { x: (value: number) => number; logarithmic: boolean } {
  const room = WIDTH - LABEL - VALUE;
  const top = Math.max(...rows.map(({ max }) => max));
  const bottom = Math.min(...rows.map(({ min }) => min).filter((value) => value > 0));
  if (top / bottom <= LOG_FROM) return { x: (value) => (value / top) * room, logarithmic: false };
  const floor = Math.log(bottom / 2);
  return { x: (value) => Math.max(0, ((Math.log(value) - floor) / (Math.log(top) - floor)) * room), logarithmic: true };
}

function barOf(row: Row, y: number, { unit }: Group, x: (value: number) => number): string {
  const [low, high, middle] = [LABEL + x(row.min), LABEL + x(row.max), y + BAR / 2];
  const whisker =
    row.min === row.max ? '' : `<path class="whisker" d="M${low} ${middle - 4}v8M${low} ${middle}H${high}M${high} ${middle - 4}v8"/>`;
  const ratio = row.ratio === null ? '' : ` · ×${digits(row.ratio)}`;
  const bounds = `${row.contender}: ${withUnit(row.median, unit)} (${withUnit(row.min, unit)} – ${withUnit(row.max, unit)})`;
  return [
    `<g class="${row.role}"><title>${escape(bounds)}</title>`,
    `<text x="${LABEL - 8}" y="${middle}" text-anchor="end">${escape(row.contender)}</text>`,
    `<rect x="${LABEL}" y="${y}" width="${x(row.median).toFixed(1)}" height="${BAR}" rx="2"/>${whisker}`,
    `<text x="${Math.max(high, LABEL + x(row.median)) + 8}" y="${middle}">${escape(withUnit(row.median, unit) + ratio)}</text></g>`,
  ].join('');
}

/** A step of a scaling dimension: what ten times as much cost. */
export interface GrowthStep {
  readonly label: string;
  readonly factor: number;
}

/** Most that ten times as much may cost. */
const GROWTH_LIMIT = 11;

/** Steps of ten as bars, with a line where linear cost ends. */
export function growthChart(steps: readonly GrowthStep[]): string {
  const room = WIDTH - LABEL - VALUE;
  const top = Math.max(GROWTH_LIMIT * 1.1, ...steps.map(({ factor }) => factor));
  const x = (factor: number): string => (LABEL + (factor / top) * room).toFixed(1);
  const height = steps.length * STEP + 4;
  const bars = steps.map(({ label, factor }, at) => {
    const [y, middle] = [at * STEP + 4, at * STEP + 4 + BAR / 2];
    return [
      `<g class="control"><text x="${LABEL - 8}" y="${middle}" text-anchor="end">${escape(label)}</text>`,
      `<rect x="${LABEL}" y="${y}" width="${(Number(x(factor)) - LABEL).toFixed(1)}" height="${BAR}" rx="2"/>`,
      `<text x="${WIDTH - VALUE + 16}" y="${middle}">×${digits(factor)}</text></g>`,
    ].join('');
  });
  const limit = `<path class="whisker" stroke-dasharray="4 3" d="M${x(GROWTH_LIMIT)} 0V${height}"/>`;
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="cost of ten times as much">${bars.join('')}${limit}</svg>`;
}

/** Text as it may stand in HTML. */
export function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
