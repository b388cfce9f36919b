import { pointOf } from '../corpus/call.ts';
import { caseTitle, figureTitle } from '../corpus/titles.ts';
import { digits } from '../figures/units.ts';
import { bars, escape, type Layout } from './bars.ts';
import { growthChart } from './growth-chart.ts';
import { PAGE_STYLE } from './page-style.ts';
import { anchorOf, PART_TITLES, summary } from './page-summary.ts';
import { QUICK_REASON, QUICK_TITLE } from './quick.ts';
import type { Part, Results } from './results.ts';
import { STANDING_COLUMNS, standingRows, standings } from './standings.ts';
import { type Group, group, lines } from './table.ts';

const LAYOUT: Layout = { width: 880, label: 260, value: 200, bar: 18, step: 26 };
const UNITS: Readonly<Record<string, string>> = {
  'calls/s': 'calls per second',
  µs: 'microseconds',
  'ns/op': 'nanoseconds',
  B: 'bytes',
  'B/op': 'bytes per operation',
};

/** Renders a run as one HTML page that needs nothing else. */
export function page(results: Results): string {
  const groups = group(results);
  const parts = [...new Set(groups.map(({ part }) => part))];
  const isQuick = results.mode === 'quick';
  const banner = isQuick ? `<p class="quick"><strong>${QUICK_TITLE}</strong>${QUICK_REASON}</p>` : '';
  const title = `${isQuick ? `${QUICK_TITLE}: ` : ''}opensearch-transport benches, ${results.when.slice(0, 10)}`;
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)}</title>
<style>${PAGE_STYLE}</style>
<body${isQuick ? ' class="is-quick"' : ''}>
<h1>Benches of opensearch-transport</h1>
${banner}
${summary(results, parts)}
${contents(parts, groups, results)}
${targets(results)}
${parts
  .map((part) =>
    partOf(
      part,
      groups.filter((one) => one.part === part),
      results,
    ),
  )
  .join('\n')}
${absences(results)}
</body></html>
`;
}

function contents(parts: readonly Part[], groups: readonly Group[], results: Results): string {
  const items = parts.map((part) => {
    const cases = [...new Set(groups.filter((one) => one.part === part).map((one) => one.case))];
    const inner = isListed(part)
      ? ''
      : `<ul>${cases.map((name) => `<li><a href="#${anchorOf(part, name)}">${escape(caseTitle(name))}</a>`).join('')}</ul>`;
    return `<li><a href="#${anchorOf(part)}">${PART_TITLES[part].title}</a>${inner}`;
  });
  const targetsItem = results.mode === 'quick' ? '' : '<li><a href="#targets">Targets</a>';
  const missing = results.absences.length === 0 ? '' : '<li><a href="#missing">Not measured</a>';
  return `<nav><h2>Contents</h2><ul>${targetsItem}${items.join('')}${missing}</ul></nav>`;
}

/** Parts whose cases are shown together, not under a heading each. */
function isListed(part: Part): boolean {
  return part === 'scaling' || part === 'codec';
}

function partOf(part: Part, groups: readonly Group[], results: Results): string {
  const { title, text } = PART_TITLES[part];
  const heading = `<h2 id="${anchorOf(part)}">${title}</h2><p>${text}</p>`;
  if (part === 'scaling') return heading + scaling(results);
  const cases = [...new Set(groups.map((one) => one.case))];
  const charted = groups.filter(({ figure }) => figure !== 'heap' || part !== 'codec');
  const listed = groups.filter((one) => !charted.includes(one));
  const sections = cases.map((name) => {
    const own = charted.filter((one) => one.case === name);
    return `<section id="${anchorOf(part, name)}"><h3>${escape(caseTitle(name))}</h3>${own.map(section).join('\n')}</section>`;
  });
  const heap =
    listed.length === 0
      ? ''
      : `<h3>JavaScript heap allocated per operation <small>bytes, lower is better</small></h3>${grid(lines(listed))}`;
  return heading + sections.join('\n') + heap;
}

function section(one: Group): string {
  const { svg, height, scale } = bars(one, LAYOUT);
  if (svg === '') return '';
  const noise = one.aa === null ? '' : ` · A/A ±${digits(one.aa * 100)} %`;
  const note = `${UNITS[one.unit] ?? one.unit} · ${one.better} is better · ${scale} scale${noise}`;
  return [
    `<h4>${escape(figureTitle(one.figure))} <small>${escape(note)}</small></h4>`,
    `<svg viewBox="0 0 ${LAYOUT.width} ${height}" role="img" aria-label="${escape(`${figureTitle(one.figure)}, ${note}`)}">${svg}</svg>`,
  ].join('');
}

/** What ten times as much costs: a bar for each step, and a line at the most it may cost. */
function scaling(results: Results): string {
  const steps = standings(results).filter(({ ours }) => ours.part === 'scaling');
  const shown = steps.map(({ ours, versus, value, low, high, noise }) => {
    const { size } = pointOf(ours.case);
    return { label: `${versus} → ${size}`, factor: value, low, high, noise };
  });
  const note =
    'CPU time of both ends, as a multiple of the step before · lower is better · linear scale · the dashed line is the limit, 11×';
  return `<h3>Cost of ten times as much <small>${note}</small></h3>${growthChart(shown, LAYOUT)}`;
}

function targets(results: Results): string {
  if (results.mode === 'quick') return '';
  const all = standings(results);
  if (all.length === 0) return '';
  const head = `<tr>${STANDING_COLUMNS.map((name) => `<th>${name}`).join('')}`;
  const rows = standingRows(all).map(
    (cells, at) => `<tr class="${all[at]?.verdict}">${cells.map((cell) => `<td>${escape(cell)}`).join('')}`,
  );
  return `<h2 id="targets">Targets</h2>
<p>The limit is the worst accepted value, the goal the one aimed at. Verdicts: “goal” reaches the goal, “holds” is within the limit, “unclear” is beyond
the limit, but the limit is inside the bounds, “missed” is beyond it. “better” is the direction of the value in its row. “ours ÷ theirs” is this project’s figure
divided by that of the column “compared with”.</p>
<div class="wide"><table>${head}${rows.join('')}</table></div>`;
}

function grid(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const cells = (row: readonly string[], tag: string): string => `<tr>${row.map((cell) => `<${tag}>${escape(caseTitle(cell))}`).join('')}`;
  return `<div class="wide"><table>${cells(head, 'th')}${body.map((row) => cells(row, 'td')).join('')}</table></div>`;
}

function absences({ absences: all }: Results): string {
  if (all.length === 0) return '';
  const items = all.map(
    ({ part, contender, case: name, reason }) =>
      `<li>${escape([part, name === undefined ? '' : caseTitle(name), contender, reason].filter(Boolean).join(' · '))}`,
  );
  return `<h2 id="missing">Not measured</h2><ul>${items.join('')}</ul>`;
}
