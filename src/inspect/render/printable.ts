/**
 * Returns text from a peer as it is safe on a terminal: what would move the cursor, colour the screen or turn the direction of text shows as
 * `\u001b`. Tabs and line ends stay. JSON text keeps its value: in JSON these are escapes.
 */
export function printable(text: string): string {
  return SUSPECT.test(text) ? text.replaceAll(UNSAFE, escaped) : text;
}

/** Returns a value as JSON that is safe on a terminal; integers of type bigint become decimal strings. */
export function jsonLine(value: unknown, indent: number = 0): string {
  return printable(JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item), indent));
}

/** Plain ASCII is safe: most texts are, and are looked at once. */
const SUSPECT = /[^\t\n\x20-\x7e]/;

/** C0 but tab and line feed, DEL, C1, marks that turn the direction of text, line and paragraph separators, lone surrogates. */
const UNSAFE =
  /(?![\t\n])[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
