import { StatusError } from '../../protocol/error/status-error.ts';
import type { Json } from '../../protocol/rest/json.ts';
import { mediaTypeOf } from '../rest/media-types.ts';
import { RestAnswer } from '../rest/rest-answer.ts';
import type { RestRequest } from '../rest/rest-request.ts';

/** A column of a `_cat` table. */
export interface Column {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  readonly isRight?: boolean;
  /** True for a column that is shown only when `h` names it. */
  readonly isHidden?: boolean;
}

/** A row: texts by the names of columns. */
export type Row = Readonly<Record<string, string>>;

/** A column as a request wants it: under the name that it gave. */
interface Shown {
  readonly column: Column;
  readonly title: string;
}

/** Parameters that shape `_cat` answers; a node does not refuse them where they say nothing. @see `AbstractCatAction` of OpenSearch */
export const CAT_PARAMS: readonly string[] = ['format', 'h', 'v', 'ts', 'pri', 'bytes', 'size', 'time', 's', 'timeout'];

/** Makes a column. @param aliases with commas between them */
export function column(name: string, aliases: string, summary: string, more: Pick<Column, 'isRight' | 'isHidden'> = {}): Column {
  return { name, aliases: aliases.split(','), summary, ...more };
}

/**
 * Returns a table as the client wants it: with `help` the columns, in a format of data a list of objects, otherwise text.
 *
 * @throws StatusError 500 for an unknown sort key, as in a node
 * @see `RestTable` of OpenSearch
 */
export function catAnswer(request: RestRequest, columns: readonly Column[], rows: () => readonly Row[]): RestAnswer {
  if (request.flag('help')) return RestAnswer.bytes({ content: helpText(columns) });
  const shown = shownColumns(columns, request);
  const sorted = sortedRows(rows(), columns, request.param('s'));
  if (mediaTypeOf(request.param('format') ?? request.header('Accept')[0]) !== null) {
    const list = sorted.map((row): Json => Object.fromEntries(shown.map(({ column: { name }, title }) => [title, row[name] ?? null])));
    return RestAnswer.json(list);
  }
  return RestAnswer.bytes({ content: tableText(shown, sorted, request.flag('v')) });
}

function helpText(columns: readonly Column[]): string {
  const rows = columns.map(({ name, aliases, summary }) => [name, aliases.join(','), summary]);
  const widths = [0, 1, 2].map((at) => Math.max(...rows.map((row) => (row[at] as string).length)));
  return rows.map((row) => `${row.map((text, at) => text.padEnd(widths[at] as number)).join(' | ')}\n`).join('');
}

function shownColumns(columns: readonly Column[], request: RestRequest): Shown[] {
  const wanted = request.param('h');
  if (wanted === undefined || wanted === '') {
    const hidden = request.hasParam('ts') && !request.flag('ts') ? ['epoch', 'timestamp'] : [];
    return columns
      .filter(({ name, isHidden }) => isHidden !== true && !hidden.includes(name))
      .map((each) => ({ column: each, title: each.name }));
  }
  return wanted.split(',').flatMap((title): Shown[] => {
    if (title.includes('*')) return columns.filter(({ name }) => matches(title, name)).map((each) => ({ column: each, title: each.name }));
    const found = findColumn(columns, title);
    return found === undefined ? [] : [{ column: found, title }];
  });
}

function matches(pattern: string, name: string): boolean {
  const [head = '', ...others] = pattern.split('*');
  if (!name.startsWith(head)) return false;
  let at = head.length;
  const tail = others.pop() ?? '';
  for (const part of others) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return name.endsWith(tail) && name.length - tail.length >= at;
}

function findColumn(columns: readonly Column[], title: string): Column | undefined {
  return columns.find(({ name }) => name === title) ?? columns.find(({ aliases }) => aliases.includes(title));
}

function sortedRows(rows: readonly Row[], columns: readonly Column[], keys: string | undefined): readonly Row[] {
  if (keys === undefined || keys === '') return rows;
  const orders = keys.split(',').map((key) => {
    const [, title = '', direction = 'asc'] = /^(.*?)(?::(asc|desc))?$/.exec(key) ?? [];
    const found = findColumn(columns, title);
    if (found === undefined)
      throw new StatusError(500, 'unsupported_operation_exception', `Unable to sort by unknown sort key \`${title}\``);
    return { name: found.name, sign: direction === 'desc' ? -1 : 1 };
  });
  return rows.toSorted((a, b) => {
    for (const { name, sign } of orders) {
      const order = compare(a[name] ?? '', b[name] ?? '');
      if (order !== 0) return sign * order;
    }
    return 0;
  });
}

/** Compares numbers as numbers, others as text. */
function compare(a: string, b: string): number {
  const difference = Number(a) - Number(b);
  if (a !== '' && b !== '' && !Number.isNaN(difference)) return difference;
  return a < b ? -1 : Number(a > b);
}

function tableText(shown: readonly Shown[], rows: readonly Row[], hasTitles: boolean): string {
  const cells = rows.map((row) => shown.map(({ column: { name } }) => row[name] ?? ''));
  const lines = hasTitles ? [shown.map(({ title }) => title), ...cells] : cells;
  const widths = shown.map((_, at) => Math.max(0, ...lines.map((line) => (line[at] as string).length)));
  return lines
    .map((line) => `${line.map((text, at) => padded(text, shown[at] as Shown, widths[at] as number, at === shown.length - 1)).join(' ')}\n`)
    .join('');
}

function padded(text: string, { column: { isRight } }: Shown, width: number, isLast: boolean): string {
  if (isRight === true) return text.padStart(width);
  return isLast ? text : text.padEnd(width);
}
