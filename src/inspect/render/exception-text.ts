import type { ExceptionValue } from '../../protocol/codec/exception/exception-value.ts';
import type { Paint } from './paint.ts';
import { oneLine } from '../../protocol/error/printable.ts';
import { jsonText } from '../dissect/field-form.ts';

/** Frames of a stack that are shown, and exceptions of a chain. */
const SHOWN_FRAMES = 5;
const SHOWN_CAUSES = 30;

/** An exception and its causes as Java prints them, the innermost last. */
export function exceptionText(exception: ExceptionValue, paint: Paint, full: boolean): string[] {
  const lines: string[] = [];
  let depth = 0;
  for (let cause: ExceptionValue | null = exception; cause !== null; cause = cause.cause) {
    if (depth >= SHOWN_CAUSES && !full) return [...lines, `  … ${countFrom(cause)} more causes`];
    lines.push(...single(cause, depth === 0 ? '' : 'caused by ', paint, full));
    depth++;
  }
  return lines;
}

function countFrom(exception: ExceptionValue): number {
  let count = 0;
  for (let cause: ExceptionValue | null = exception; cause !== null; cause = cause.cause) count++;
  return count;
}

function single(exception: ExceptionValue, prefix: string, paint: Paint, full: boolean): string[] {
  const { class: name, id, message, stack, suppressed, headers, metadata, extra } = exception;
  const known = id === null ? '' : ` (${id})`;
  const shown = full ? stack : stack.slice(0, SHOWN_FRAMES);
  return [
    `  ${prefix}${paint('red', oneLine(name))}${known}${message === null ? '' : `: ${oneLine(message)}`}`,
    ...Object.entries({ ...headers, ...metadata }).map(([key, values]) => `    ${oneLine(key)}: ${values.map(oneLine).join(', ')}`),
    ...(Object.keys(extra).length === 0 ? [] : [`    ${oneLine(jsonText(extra))}`]),
    ...shown.map((frame) => paint('dim', `    at ${oneLine(`${frame.class}.${frame.method}(${place(frame)})`)}`)),
    ...(shown.length < stack.length ? [paint('dim', `    … ${stack.length - shown.length} more`)] : []),
    ...suppressed.flatMap((each) => single(each, '  suppressed: ', paint, full)),
  ];
}

function place({ file, line }: ExceptionValue['stack'][number]): string {
  if (line === -2) return 'native';
  return line < 0 ? (file ?? 'unknown') : `${file ?? 'unknown'}:${line}`;
}
