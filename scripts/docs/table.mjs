/** The first line of every generated page. */
export const GENERATED = '<!-- Generated from the code by `npm run docs`; edit the code. -->';

/** Returns a Markdown table. Line breaks in cells become spaces. */
export function table(head, rows) {
  const lines = [head, head.map(() => '---'), ...rows.map((cells) => cells.map(cell))];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Escapes bars, which Markdown reads as cell borders, in code spans, too. */
function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
}
