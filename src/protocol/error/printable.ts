/**
 * Returns text from a peer in a form that is safe on a terminal. Characters that move the cursor, colour the screen, turn the direction of text or cannot
 * be seen become escapes such as `\u001b`. Tabs and line feeds stay. JSON text keeps its value: in JSON these are escapes.
 */
export function printable(text: string): string {
  return SUSPECT.test(text) ? text.replaceAll(UNSAFE, escaped) : text;
}

/** Returns text as {@link printable} does, on one line: line feeds and tabs become `\n` and `\t`, so that a peer cannot forge a line of its own. */
export function oneLine(text: string): string {
  return printable(text).replaceAll('\n', String.raw`\n`).replaceAll('\t', String.raw`\t`);
}

/** Returns a value as JSON that is safe on a terminal; integers of type bigint become decimal strings. */
export function jsonLine(value: unknown, indent: number = 0): string {
  return printable(JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item), indent));
}

/** Plain ASCII is safe: most texts are, and are looked at once. */
const SUSPECT = /[^\t\n\x20-\x7e]/;

/**
 * Unsafe, in this order:
 *
 * - C0 without tab and line feed, DEL, C1;
 * - line and paragraph separators, lone surrogates, interlinear annotation;
 * - characters without a shape: marks of direction, zero-width spaces, soft hyphens, fillers, tags;
 * - joiners, but not within emoji and in the scripts that are spelt with them;
 * - variation selectors, but not after emoji and Han characters, and in keycaps.
 */
const UNSAFE =
  /(?![\t\n])\p{Cc}|[\p{Zl}\p{Zp}\p{Cs}\ufff9-\ufffb]|(?!\u200c|\u200d|[\ufe00-\ufe0f])\p{DI}|(?<!\p{Extended_Pictographic}\ufe0f?|[\p{Emoji_Modifier}\p{sc=Arab}\p{sc=Deva}\p{sc=Beng}\p{sc=Guru}\p{sc=Gujr}\p{sc=Orya}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}])(?:\u200c|\u200d)|(?<![\p{Extended_Pictographic}\p{sc=Han}])[\ufe00-\ufe0f](?!\u20e3)/gu;

/** Escapes each UTF-16 unit: characters beyond the first plane have two. */
function escaped(character: string): string {
  let text = '';
  for (let i = 0; i < character.length; i++) text += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
  return text;
}
