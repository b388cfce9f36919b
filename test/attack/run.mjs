// Runs the attacks: `npm run attack -- [name ...] [--quick] [--package FOLDER] [--out FILE] [--list]`. Prints a table; exits with 1 when one succeeds.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform } from 'node:os';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { FULL, QUICK } from './harness/bounds.mjs';
import { contest } from './harness/contest.mjs';
import { HEAD, rowOf, textTable } from './harness/table.mjs';

const HERE = import.meta.dirname;
const ROOT = resolve(HERE, '..', '..');
/** Attacks at once in the quick form. */
const QUICK_LANES = 2;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    package: { type: 'string', default: ROOT },
    out: { type: 'string' },
  },
});
const bounds = values.quick ? QUICK : FULL;
const chosen = await attacksNamed(positionals);
if (values.list) for (const { name, attack } of chosen) console.log(`${name}: ${attack.what}`);
else await run();

async function attacksNamed(names) {
  const files = readdirSync(resolve(HERE, 'attacks'))
    .filter((file) => file.endsWith('.mjs'))
    .sort();
  const known = files.map((file) => file.replace('.mjs', ''));
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    console.error(`unknown attack '${unknown}'; the attacks are ${known.join(', ')}`);
    process.exit(2);
  }
  const attacks = known.filter((name) => names.length === 0 || names.includes(name));
  return Promise.all(
    attacks.map(async (name) => {
      const file = resolve(HERE, 'attacks', `${name}.mjs`);
      return { name, file, attack: (await import(file)).attack };
    }),
  );
}

async function run() {
  const counts = { passed: 0, failed: 0, skipped: 0, notes: [] };
  const results = [];
  const waiting = [...chosen];
  const lane = async () => {
    for (let each = waiting.shift(); each !== undefined; each = waiting.shift()) note(each, await attempt(each));
  };
  const note = (each, result) => {
    if (result === null) {
      counts.skipped++;
      counts.notes.push(`${each.name}: needs the openssl command`);
      return;
    }
    results.push(result);
    if (result.complaints.length === 0) counts.passed++;
    else counts.failed++;
    console.log(
      `${result.complaints.length === 0 ? 'holds ' : 'FAILED'} ${result.name}${result.complaints.length === 0 ? '' : `: ${result.complaints.join('; ')}`}`,
    );
    for (const failure of result.failures) console.log(`       a call failed: ${failure}`);
  };
  await Promise.all(Array.from({ length: values.quick ? QUICK_LANES : 1 }, lane));
  results.sort((a, b) => (a.name < b.name ? -1 : 1));
  console.log(textTable(HEAD, results.map(rowOf)));
  save(results);
  if (process.env.COUNTS_FILE) writeFileSync(process.env.COUNTS_FILE, JSON.stringify(counts));
  console.log(`${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`);
  process.exit(counts.failed > 0 ? 1 : 0);
}

/** In the quick form of the whole suite an attack that succeeds is tried once more: other work on the machine looks like one. */
async function attempt(each) {
  const first = await once(each);
  return values.quick && positionals.length === 0 && first !== null && first.complaints.length > 0 ? once(each) : first;
}

async function once({ name, file, attack }) {
  try {
    return await contest({ name, file, attack, folder: resolve(values.package), isQuick: values.quick, bounds });
  } catch (error) {
    if (error.code === 'NO_OPENSSL') return null;
    throw new Error(`${name}: ${error.message}`, { cause: error });
  }
}

function save(results) {
  if (values.out === undefined && (values.quick || positionals.length > 0 || resolve(values.package) !== ROOT)) return;
  const path = resolve(values.out ?? resolve(ROOT, '.cache', 'attack', 'results.json'));
  mkdirSync(dirname(path), { recursive: true });
  const machine = {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    system: `${platform()} ${arch()}`,
    node: process.version,
  };
  writeFileSync(
    path,
    `${JSON.stringify({ machine, date: new Date().toISOString().slice(0, 10), isQuick: values.quick, bounds, results }, null, 2)}\n`,
  );
}
