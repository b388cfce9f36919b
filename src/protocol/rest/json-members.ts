const WHITE = /[ \t\r\n]*/y;
const PLAIN = /[^,\]} \t\r\n]+/y;

/**
 * Returns the members of a JSON object as text, so that a document inside a body is passed on unchanged, with numbers of any size.
 *
 * @param text a well-formed JSON object: parse it first
 */
export function membersOf(text: string): ReadonlyMap<string, string> {
  const members = new Map<string, string>();
  let at = skipWhite(text, skipWhite(text, 0) + 1);
  while (text[at] === '"') {
    const nameEnd = skipString(text, at);
    const start = skipWhite(text, skipWhite(text, nameEnd) + 1);
    const end = skipValue(text, start);
    members.set(JSON.parse(text.slice(at, nameEnd)) as string, text.slice(start, end));
    // Behind the value stands a comma, or the end.
    at = skipWhite(text, skipWhite(text, end) + 1);
  }
  return members;
}

function skipWhite(text: string, at: number): number {
  WHITE.lastIndex = at;
  WHITE.test(text);
  return WHITE.lastIndex;
}

function skipString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function skipValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return skipString(text, start);
  if (first === '{' || first === '[') return skipNested(text, start);
  PLAIN.lastIndex = start;
  return PLAIN.test(text) ? PLAIN.lastIndex : text.length;
}

function skipNested(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const letter = text[at];
    if (letter === '"') at = skipString(text, at) - 1;
    else if (letter === '{' || letter === '[') depth++;
    else if ((letter === '}' || letter === ']') && --depth === 0) return at + 1;
  }
  return text.length;
}
