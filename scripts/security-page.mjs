// Writes the measured part of docs/security.md, between its markers: the attacks of `.cache/attack/results.json` (`npm run attack`) and, if it is there, the
// amplification of `.cache/attack/amplification.json`.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { HEAD, rowOf } from '../test/attack/harness/table.mjs';
import { table } from './docs/table.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const PAGE = resolve(ROOT, 'docs', 'security.md');

const results = read('results.json');
if (results === null) {
  console.error('there is no .cache/attack/results.json: run `npm run attack` first');
  process.exit(1);
}
let page = readFileSync(PAGE, 'utf8');
page = between(page, 'attacks', attacksPart(results));
const amplification = read('amplification.json');
if (amplification !== null) page = between(page, 'amplification', amplificationPart(amplification));
writeFileSync(PAGE, page);

function read(name) {
  try {
    return JSON.parse(readFileSync(resolve(ROOT, '.cache', 'attack', name), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Replaces what stands between two markers. */
function between(text, name, part) {
  const [begin, end] = [`<!-- begin: ${name} -->`, `<!-- end: ${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`docs/security.md must have the markers ${begin} and ${end}`);
  return `${text.slice(0, from + begin.length)}\n${part}\n${text.slice(to)}`;
}

function attacksPart({ machine, date, bounds, results: rows }) {
  const cells = rows.map((row) => [`[\`${row.name}\`](#${row.name})`, ...rowOf(row).slice(1)]);
  const held = rows.filter(({ complaints }) => complaints.length === 0).length;
  const seconds = bounds.attackMs / 1000;
  return [
    `Measured on ${date}: ${machine.cpu}, ${machine.cores} cores, Node.js ${machine.node}, ${machine.system}. Each attack ran for ${seconds} s unless its`,
    `description says otherwise. ${held} of ${rows.length} attacks stayed within the bounds.`,
    '',
    table(HEAD, cells),
    '',
    '### What each attack does',
    '',
    ...rows.flatMap(({ name, what, like }) => [`#### ${name}`, '', `${what}${like ? ` Compare: ${like}.` : ''}`, '']),
  ]
    .join('\n')
    .trimEnd();
}

/** Any list of rows with the same members becomes a table. */
function amplificationPart(found) {
  const rows = Array.isArray(found) ? found : found.rows;
  const head = Object.keys(rows[0] ?? { codec: '' });
  const text = (value) => (typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(1) : String(value));
  return table(
    head,
    rows.map((row) => head.map((member) => text(row[member]))),
  );
}
