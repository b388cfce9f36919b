import { caseTitle } from '../corpus/titles.ts';
import { bars, escape, type Layout } from './bars.ts';
import { measuredWhen, noiseText } from './conditions.ts';
import type { Part, Results } from './results.ts';
import { type Group, group, type Row } from './table.ts';

/** Colour schemes a code host shows pages in. */
export const SCHEMES = ['light', 'dark'] as const;

/** One of {@link SCHEMES}. */
export type Scheme = (typeof SCHEMES)[number];

const COLOURS: Readonly<Record<Scheme, Readonly<Record<'ink' | 'soft' | 'ground' | 'ours' | 'peer', string>>>> = {
  light: { ink: '#1f2328', soft: '#59636e', ground: '#ffffff', ours: '#1668dc', peer: '#a8b0b8' },
  dark: { ink: '#e6edf3', soft: '#9198a1', ground: '#0d1117', ours: '#4c9aff', peer: '#59636e' },
};

const LAYOUT: Layout = { width: 860, label: 270, value: 120, bar: 15, step: 21 };
const TITLE_HEIGHT = 44;
const GAP = 18;
const MARGIN = 16;

const RAW_NET = 'raw net';
/** Labels of contenders for readers who do not know their names. */
const LABELS: Readonly<Record<string, string>> = {
  [RAW_NET]: 'bare TCP echo (no protocol)',
  ioredis: 'Redis ECHO (ioredis)',
  'OpenSearch TransportService (JVM)': "OpenSearch's own transport (JVM)",
  'undici + node:http': 'HTTP + JSON (undici, node:http)',
  'grpc-js': 'gRPC (grpc-js)',
  'opensearch-transport, released': 'opensearch-transport',
  'REST client': 'official REST client (HTTP)',
};

/** A chart of the picture. */
interface Panel {
  readonly title: string;
  readonly part: Part;
  readonly case: string;
  readonly figure: string;
  /** Contenders shown, this project first. */
  readonly field: readonly string[];
}

const PANELS: readonly Panel[] = [
  {
    title: 'Calls per second',
    part: 'call',
    case: 'k64 128 B c1',
    figure: 'throughput',
    field: ['opensearch-transport', RAW_NET, 'OpenSearch TransportService (JVM)', 'ioredis', 'undici + node:http', 'grpc-js'],
  },
  {
    title: 'Latency of a single call (p50)',
    part: 'call',
    case: 'k1 128 B c1',
    figure: 'p50',
    field: ['opensearch-transport', RAW_NET, 'undici + node:http', 'grpc-js'],
  },
  {
    title: 'Large messages',
    part: 'bulk',
    case: 'k8 1 MiB c1',
    figure: 'throughput',
    field: ['opensearch-transport, released', RAW_NET, 'OpenSearch TransportService (JVM)', 'grpc-js'],
  },
  {
    title: 'Client CPU per call on a genuine node',
    part: 'node',
    case: 'OpenSearch 3.9.0 get k16',
    figure: 'client cpu',
    field: ['opensearch-transport', 'REST client'],
  },
];

/** Draws the README's picture: a chart for each panel that the run measured. */
export function picture(results: Results, scheme: Scheme): string {
  const groups = group(results);
  let y = MARGIN;
  const drawn = PANELS.flatMap((panel) => {
    const shown = groupOf(panel, groups);
    if (shown === null) return [];
    const { svg, height, scale } = bars(shown, LAYOUT, (name) => LABELS[name] ?? name);
    const note = `${caseTitle(panel.case)} · ${unitText(shown)} · ${scale} scale · ${shown.better} is better`;
    const text = `<text class="title" x="${MARGIN}" y="${y + 10}">${escape(panel.title)}</text><text class="note" x="${MARGIN}" y="${y + 29}">${escape(note)}</text>`;
    const at = y + TITLE_HEIGHT;
    y = at + height + GAP;
    return [`${text}<g transform="translate(0 ${at})">${svg}</g>`];
  });
  const noise = noiseText(results).split(/(?<=%\.) /);
  const foot = ['Bars: medians. Whiskers: smallest and largest round.', ...noise, measuredWhen(results)].filter((line) => line !== '');
  const lines = foot.map((line, at) => `<text class="note" x="${MARGIN}" y="${y + at * 16}">${escape(line)}</text>`);
  return svgOf(scheme, y + foot.length * 16, [...drawn, ...lines]);
}

function groupOf({ part, case: name, figure, field }: Panel, groups: readonly Group[]): Group | null {
  const found = groups.find((one) => one.part === part && one.case === name && one.figure === figure);
  const rows = field.flatMap((contender): Row[] => {
    const row = found?.rows.find((one) => one.contender === contender);
    return row === undefined ? [] : [{ ...row, role: contender === field[0] ? 'control' : 'peer' }];
  });
  return found === undefined || rows.length < 2 ? null : { ...found, rows };
}

function unitText({ unit }: Group): string {
  return unit === 'calls/s' ? 'calls per second' : unit === 'µs' ? 'microseconds' : unit;
}

function svgOf(scheme: Scheme, height: number, content: readonly string[]): string {
  const { ink, soft, ground, ours, peer } = COLOURS[scheme];
  const style = [
    `text{font:13px system-ui,-apple-system,"Segoe UI",sans-serif;fill:${ink};dominant-baseline:central}`,
    `.title{font-weight:600;font-size:15px}.note{fill:${soft};font-size:12px}rect{fill:${peer}}.control rect{fill:${ours}}`,
    `.control text{font-weight:600}.whisker{stroke:${ink};stroke-width:1.2;fill:none}.ground{fill:${ground}}`,
  ].join('');
  const label = 'Speed of opensearch-transport beside other ways to call a function over a network; the README says the same in words';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${LAYOUT.width} ${height}" width="${LAYOUT.width}" height="${height}" role="img" aria-label="${label}">`,
    `<style>${style}</style><rect class="ground" width="100%" height="100%" rx="8"/>`,
    ...content,
    '</svg>\n',
  ].join('\n');
}
