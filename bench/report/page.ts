import { pointOf } from '../corpus/call.ts';
import { digits } from '../figures/units.ts';
import { chart, escape, growthChart } from './chart.ts';
import type { Results } from './results.ts';
import { type Group, group, lines } from './table.ts';
import { standingRows, standings } from './standings.ts';

const STYLE = `
:root { color-scheme: light dark; --ours: #1668dc; --again: #8ab4f0; --peer: #9aa0a6; --ink: #1f2328; --soft: #59636e; --ground: #fff; }
@media (prefers-color-scheme: dark) { :root { --ours: #4c9aff; --again: #2b5a99; --peer: #6e7681; --ink: #e6edf3; --soft: #9198a1; --ground: #0d1117; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 920px; margin: 2rem auto; padding: 0 1rem; color: var(--ink); background: var(--ground); }
h2 { margin-top: 2.5rem; } h3 { margin: 1.5rem 0 .3rem; font-size: 1rem; } h3 small, .note { color: var(--soft); font-weight: normal; font-size: .85rem; margin: 0; }
svg { width: 100%; height: auto; } text { font-size: 13px; fill: var(--ink); dominant-baseline: central; }
rect { fill: var(--peer); } .control rect { fill: var(--ours); } .again rect { fill: var(--again); }
.whisker { stroke: var(--ink); stroke-width: 1.2; fill: none; opacity: .7; }
table { border-collapse: collapse; font-size: .9rem; } td { padding: .15rem 1rem .15rem 0; vertical-align: top; } td:first-child { color: var(--soft); }`;

const CAVEATS = [
  'Read ratios, not absolute numbers. × is the median of the ratios to the blue bar inside each round; whiskers span all rounds.',
  'A/A is the same contender measured twice: differences below it are noise, and so are those under 5 % (25 % at 1 MiB).',
  'Echo handlers do no work: these are per-call overheads of stacks. HTTP, gRPC and Connect give features (deadlines, flow control, metadata, proxies) that a bare frame does not.',
  'raw net at 64 in flight is itself in lock-step; exceeding it comes from splitting batches. The honest limit is CPU per request.',
  'Loopback on two cores: wake-up latency and TCP cost differ on real networks. Figures at 1 MiB depend on cache state and TCP autotuning.',
];

/** A run as one HTML page that needs nothing else. */
export function page(results: Results): string {
  const groups = group(results);
  const parts = [...new Set(groups.map(({ part }) => part))];
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Benches ${escape(results.when)}</title>
<style>${STYLE}</style>
<h1>Benches</h1>
${facts(results)}
<ul>${CAVEATS.map((text) => `<li>${escape(text)}</li>`).join('')}</ul>
${parts
  .map((part) =>
    part === 'scaling'
      ? scaling(results)
      : partOf(
          part,
          groups.filter((one) => one.part === part),
        ),
  )
  .join('\n')}
${targets(results)}
${absences(results)}
</html>
`;
}

function partOf(part: Group['part'], groups: readonly Group[]): string {
  const charted = groups.filter(({ figure }) => figure !== 'heap' || part !== 'codec');
  const listed = groups.filter((one) => !charted.includes(one));
  return `<h2>${part}</h2>${charted.map(section).join('\n')}${listed.length > 0 ? `<h3>${part} · heap bytes an operation</h3>${grid(lines(listed))}` : ''}`;
}

/** What ten times as much costs, a bar for each step: at most eleven times, the dashed line. */
function scaling(results: Results): string {
  const steps = standings(results).filter(({ ours }) => ours.part === 'scaling');
  const bars = steps.map(({ ours, over, value }) => ({ label: `${over[0]?.case} → ${pointOf(ours.case).size}`, factor: value }));
  return `<h2>scaling</h2><h3>cost of ten times as much <small>CPU of both ends; the dashed line is ×11</small></h3>${growthChart(bars)}`;
}

function grid(rows: readonly (readonly string[])[]): string {
  return `<table>${rows.map((row) => `<tr>${row.map((cell) => `<td>${escape(cell)}`).join('')}`).join('')}</table>`;
}

function section(one: Group): string {
  const noise = one.aa === null ? '' : ` · A/A ±${digits(one.aa * 100)} %`;
  return `<h3>${escape(one.case)} · ${escape(one.figure)} <small>${one.better} is better${noise}</small></h3>${chart(one)}`;
}

function facts({ when, mode, machine, versions }: Results): string {
  const rows = [
    ['run', `${when}, ${mode}`],
    ['machine', `${machine.cpu}, ${machine.cores} cores, ${machine.arch}, ${machine.os}`],
    ['Node', `${machine.node}, V8 ${machine.v8}, OpenSSL ${machine.openssl} ${machine.nodeOptions}`],
    [
      'settings',
      `governor ${machine.governor}, ${machine.congestionControl}, ${machine.pinned ? 'client and server pinned to a core each' : 'not pinned'}`,
    ],
    ...Object.entries(versions).filter(([, text]) => text !== ''),
  ];
  return grid(rows);
}

function targets(results: Results): string {
  const rows = results.mode === 'quick' ? [] : standingRows(standings(results));
  return rows.length === 0 ? '' : `<h2>Targets</h2>${grid(rows)}`;
}

function absences({ absences: all }: Results): string {
  if (all.length === 0) return '';
  const items = all.map(
    ({ part, contender, case: name, reason }) => `<li>${escape([part, name ?? '', contender, reason].filter(Boolean).join(' · '))}`,
  );
  return `<h2>Missing</h2><ul>${items.join('')}</ul>`;
}
