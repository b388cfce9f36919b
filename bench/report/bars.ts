import { digits, withUnit } from '../figures/units.ts';
import type { Group, Row } from './table.ts';

/** Contenders further apart than this are drawn on a logarithmic scale. */
const LOG_FROM = 30;

/** Widths of a drawing, in pixels: labels, bars and values side by side. */
export interface Layout {
  readonly width: number;
  readonly label: number;
  readonly value: number;
  readonly bar: number;
  readonly step: number;
}

/** Bars of one group, and the scale they are drawn to. */
export interface Bars {
  readonly svg: string;
  readonly height: number;
  readonly scale: 'linear' | 'logarithmic';
}

/** Draws a bar for each contender: the bar ends at the median, the whisker spans from the smallest to the largest round. */
export function bars(group: Group, layout: Layout, labelOf: (contender: string) => string = (name) => name): Bars {
  const rows = group.rows.filter((row) => Number.isFinite(row.median) && row.median > 0);
  const { x, scale } = scaleOf(rows, layout);
  const svg = rows.map((row, at) => barOf(row, at * layout.step + 4, group, layout, x, labelOf(row.contender))).join('');
  return { svg, height: rows.length * layout.step + 4, scale };
}

function scaleOf(rows: readonly Row[], { width, label, value }: Layout): { x: (value: number) => number; scale: Bars['scale'] } {
  const room = width - label - value;
  const top = Math.max(...rows.map(({ max }) => max));
  const bottom = Math.min(...rows.map(({ min }) => min).filter((least) => least > 0));
  if (!(top / bottom > LOG_FROM)) return { x: (at) => (at / top) * room, scale: 'linear' };
  const floor = Math.log(bottom / 2);
  return { x: (at) => Math.max(0, ((Math.log(at) - floor) / (Math.log(top) - floor)) * room), scale: 'logarithmic' };
}

function barOf(row: Row, y: number, { unit }: Group, { label, bar }: Layout, x: (value: number) => number, name: string): string {
  const [low, high, middle] = [label + x(row.min), label + x(row.max), y + bar / 2];
  const at = (value: number): string => value.toFixed(1);
  const whisker =
    row.min === row.max
      ? ''
      : `<path class="whisker" d="M${at(low)} ${middle - 4}v8M${at(low)} ${middle}H${at(high)}M${at(high)} ${middle - 4}v8"/>`;
  const ratio = row.ratio === null || row.role === 'again' ? '' : ` · ${digits(row.ratio)}× the blue bar`;
  const bounds = `${name}: median ${withUnit(row.median, unit)}, ${withUnit(row.min, unit)} to ${withUnit(row.max, unit)}${ratio}`;
  return [
    `<g class="${row.role}"><title>${escape(bounds)}</title>`,
    `<text x="${label - 8}" y="${middle}" text-anchor="end">${escape(name)}</text>`,
    `<rect x="${label}" y="${y}" width="${x(row.median).toFixed(1)}" height="${bar}" rx="2"/>${whisker}`,
    `<text class="value" x="${at(Math.max(high, label + x(row.median)) + 8)}" y="${middle}">${escape(withUnit(row.median, unit))}</text></g>`,
  ].join('');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes a text for HTML and SVG. Control characters and marks of direction, which neither allows or shows, become U+FFFD. */
export function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (mark) => ENTITIES[mark] ?? mark).replaceAll(UNSHOWN, '\ufffd');
}

const UNSHOWN = /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu;
