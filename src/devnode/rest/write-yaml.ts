import { RawJson } from '../../protocol/rest/json.ts';

/** Column from which a node breaks texts at spaces. @see `DumperOptions` of SnakeYAML */
const WIDTH = 80;

/** Names that need no quotes. */
const PLAIN_NAME = /^[A-Za-z_][\w.\-/]*$/;
/** Names that YAML 1.1 reads as something else. */
const RESERVED = /^(?:true|false|null|y|n|yes|no|on|off)$/i;

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\xa0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

/**
 * Returns YAML as a node writes it: texts in double quotes, broken after 80 columns, and lists that are not indented.
 *
 * @param value what JSON can hold; a RawJson is a number
 */
export function writeYaml(value: unknown): string {
  const isBlock = isMap(value) || isList(value);
  return isBlock ? `---\n${block(value, '')}` : `---${scalar(value, 3, '')}\n`;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' && value !== null && !(value instanceof RawJson) && !Array.isArray(value) && Object.keys(value).length > 0
  );
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > 0;
}

/** Returns the lines of a map or a list, each with its indentation. */
function block(value: unknown, indent: string): string {
  if (isList(value)) return value.map((item) => `${indent}- ${inList(item, indent)}`).join('');
  const entries = Object.entries(value as object).filter(([, item]) => item !== undefined);
  return entries.map(([name, item]) => `${indent}${member(nameText(name), item, indent)}`).join('');
}

/** A nested map or list begins on the line of its dash. */
function inList(item: unknown, indent: string): string {
  const inner = `${indent}  `;
  if (isMap(item) || isList(item)) return block(item, inner).slice(inner.length);
  return `${scalar(item, indent.length + 1, inner).slice(1)}\n`;
}

function member(name: string, item: unknown, indent: string): string {
  if (isMap(item)) return `${name}:\n${block(item, `${indent}  `)}`;
  if (isList(item)) return `${name}:\n${block(item, indent)}`;
  return `${name}:${scalar(item, indent.length + name.length + 1, `${indent}  `)}\n`;
}

/** Returns a value on the line of its name, with a space in front. @param column where the space stands */
function scalar(value: unknown, column: number, indent: string): string {
  if (typeof value === 'string') return ` ${quoted(value, column + 1, indent)}`;
  if (value instanceof RawJson) return ` ${value.text}`;
  if (Array.isArray(value)) return ' []';
  return ` ${typeof value === 'object' && value !== null ? '{}' : String(value)}`;
}

function nameText(name: string): string {
  return PLAIN_NAME.test(name) && !RESERVED.test(name) ? name : quoted(name, 0, '', Number.POSITIVE_INFINITY);
}

/**
 * Returns a text in double quotes. Beyond the width it goes on in the next line: a backslash ends the line, and one stands before the space that begins
 * the next one.
 *
 * @see `Emitter.writeDoubleQuoted` of SnakeYAML
 */
function quoted(text: string, column: number, indent: string, width: number = WIDTH): string {
  let shown = '"';
  let at = column + 1;
  /** Plain letters that are not written yet: SnakeYAML looks at the column before them. */
  let run = '';
  const letters = Array.from(text);
  const write = (part: string): void => {
    shown += part;
    at += part.length;
  };
  for (const [index, letter] of letters.entries()) {
    const isSpace = letter === ' ';
    const isInside = index > 0 && index < letters.length - 1;
    if (isInside && (isSpace || run === '') && at + run.length > width) {
      write(`${run}\\`);
      run = '';
      shown += `\n${indent}`;
      at = indent.length;
      if (isSpace) write('\\');
    }
    const escape = escapeOf(letter);
    if (escape === undefined) run += letter;
    else {
      write(run + escape);
      run = '';
    }
  }
  return `${shown}${run}"`;
}

function escapeOf(letter: string): string | undefined {
  const known = ESCAPES[letter];
  if (known !== undefined) return known;
  const code = letter.codePointAt(0) as number;
  if (code >= 0x20 && code !== 0x7f && code !== 0xfeff && !(code > 0x7f && code < 0xa0)) return undefined;
  return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
