/** What stands on top of every page that is generated. */
export const GENERATED = '<!-- Generated from the code by `npm run docs`; edit the code. -->';

/** A Markdown table; cells are texts of one line. */
export function table(head, rows) {
  const lines = [head, head.map(() => '---'), ...rows.map((cells) => cells.map(cell))];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** In a table a bar is a border, in code spans too. */
function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
}
