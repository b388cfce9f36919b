// `npm run bench:compare A.json B.json [--check]`: what changed between two runs on the same machine.
import { parseArgs } from 'node:util';
import { digits, withUnit } from './figures/units.ts';
import { type Change, changes } from './report/changes.ts';
import { readResults, type Results } from './report/results.ts';
import { print, progress } from './report/say.ts';
import { columns } from './report/table.ts';
import { OURS } from './report/target.ts';

const USAGE = `npm run bench:compare -- A.json B.json [options]

What B changed against A: both from one machine, one after the other.

  --contender <name>   whose figures                            [${OURS}]
  --check              exit with 1 when something became worse
  --all                also what did not change`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    contender: { type: 'string', default: OURS },
    check: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const [pathA, pathB] = positionals;
if (values.help || pathA === undefined || pathB === undefined) {
  progress(USAGE);
  process.exitCode = values.help ? 0 : 2;
} else compare(await readResults(pathA), await readResults(pathB));

function compare(a: Results, b: Results): void {
  for (const line of doubts(a, b)) progress(`note: ${line}`);
  const all = changes(a, b, values.contender);
  if (all.length === 0) {
    progress(`nothing of '${values.contender}' is in both files`);
    process.exitCode = 2;
    return;
  }
  const told = all.filter(({ verdict }) => values.all || verdict !== 'same');
  print(columns([['', 'A', 'B', 'B ÷ A', 'noise', ''], ...told.map(row)]).join('\n'));
  const count = (verdict: Change['verdict']): number => all.filter((one) => one.verdict === verdict).length;
  const worse = count('worse');
  const unsure = count('too few rounds');
  print(
    `\n${all.length} figures: ${worse} worse, ${count('better')} better, ${count('same')} the same within noise, ${unsure} of too few rounds`,
  );
  if (values.check && worse > 0) process.exitCode = 1;
}

function row({ name, unit, a, b, ratio, bound, anchor, verdict }: Change): string[] {
  const against = anchor === null ? '' : ` (each ÷ ${anchor})`;
  return [name + against, withUnit(a, unit), withUnit(b, unit), `× ${digits(ratio)}`, `±${digits(bound * 100)} %`, verdict];
}

function doubts(a: Results, b: Results): string[] {
  const lines: string[] = [];
  for (const key of ['cpu', 'cores', 'os', 'node', 'governor', 'congestionControl', 'pinned'] as const) {
    if (a.machine[key] !== b.machine[key]) lines.push(`${key} differs: ${a.machine[key]} and ${b.machine[key]}`);
  }
  if (a.mode === 'quick' || b.mode === 'quick') lines.push('a quick run is too short for figures');
  return lines;
}
