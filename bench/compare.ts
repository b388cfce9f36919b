// `npm run bench:compare A.json B.json [--check]`: what changed between two runs on the same machine.
import { readArguments } from './arguments.ts';
import { digits, withUnit } from './figures/units.ts';
import { type Change, changes } from './report/changes.ts';
import { readResults, type Results } from './report/results.ts';
import { print, progress } from './report/say.ts';
import { columns } from './report/table.ts';
import { OURS } from './report/target.ts';

const USAGE = `npm run bench:compare -- A.json B.json [options]

Compares two results files of one machine, B against A.

  --contender <name>   whose figures to compare                 [${OURS}]
  --check              exit with 1 when a figure became worse
  --all                list unchanged figures as well
  --help               print this text`;

try {
  await main();
} catch (error) {
  progress(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments(process.argv.slice(2), {
    contender: { type: 'string', default: OURS },
    check: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  const [pathA, pathB] = positionals;
  if (values.help) return print(USAGE);
  if (pathA === undefined || pathB === undefined || positionals.length > 2) {
    throw new Error(`expected two results files, got ${positionals.length}\n\n${USAGE}`);
  }
  compare(await readResults(pathA), await readResults(pathB), values);
}

interface CompareOptions {
  readonly contender: string;
  readonly check: boolean;
  readonly all: boolean;
}

function compare(a: Results, b: Results, values: CompareOptions): void {
  if (values.check && (a.mode === 'quick' || b.mode === 'quick')) throw new Error('cannot check a quick run: it is not a measurement');
  for (const line of doubts(a, b)) progress(`note: ${line}`);
  const all = changes(a, b, values.contender);
  if (all.length === 0) {
    progress(`the files have no figure of '${values.contender}' in common`);
    process.exitCode = 2;
    return;
  }
  const told = all.filter(({ verdict }) => values.all || verdict !== 'same');
  print(columns([['', 'A', 'B', 'B ÷ A', 'noise', ''], ...told.map(row)]).join('\n'));
  const count = (verdict: Change['verdict']): number => all.filter((one) => one.verdict === verdict).length;
  const worse = count('worse');
  const unsure = count('too few rounds');
  print(
    `\n${all.length} figures: ${worse} worse, ${count('better')} better, ${count('same')} the same within noise, ${unsure} with too few rounds to tell`,
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
  if (a.mode === 'quick' || b.mode === 'quick') lines.push('a quick run is not a measurement');
  return lines;
}
