import { parseArgs, type ParseArgsConfig } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Names further than this from each other are not offered as a correction. */
const MAX_EDITS = 3;

/**
 * Parses a command line.
 *
 * @throws Error for an unknown option, naming the closest one there is, and for an option without its value
 */
export function readArguments<const T extends Options>(args: readonly string[], options: T) {
  for (const arg of args) {
    if (arg === '--') break;
    const [name = ''] = arg.split('=', 1);
    if (/^-./.test(arg) && !(name.replace(/^-+/, '') in options)) throw new Error(unknown('option', name, prefixed(options)));
  }
  return parseArgs({ args: [...args], allowPositionals: true, options });
}

/** Returns the text of the error for a name that is not among the known ones, with the closest of them. */
export function unknown(kind: string, name: string, known: readonly string[]): string {
  const closest = closestTo(name, known);
  return `unknown ${kind} ${name}${closest === null ? '.' : `; did you mean ${closest}?`} Known: ${known.join(', ')}`;
}

function prefixed(options: Options): string[] {
  return Object.keys(options).map((name) => `--${name}`);
}

function closestTo(name: string, known: readonly string[]): string | null {
  const ranked = known.map((one) => ({ one, edits: editsBetween(name, one) })).sort((a, b) => a.edits - b.edits);
  const [best] = ranked;
  return best !== undefined && best.edits <= Math.min(MAX_EDITS, name.length - 1) ? best.one : null;
}

/** Returns the Levenshtein distance of two texts. */
function editsBetween(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = Number(before[j - 1]) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, Number(before[j]) + 1, Number(row[j - 1]) + 1));
    }
    before = row;
  }
  return Number(before[b.length]);
}
