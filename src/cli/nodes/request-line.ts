import { oneLine } from '../../protocol/error/printable.ts';
import type { Paint, Style } from '../../inspect/render/paint.ts';

/** A REST request that was answered. */
export interface AnsweredRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly ms: number;
}

const METHOD_WIDTH = 7;

/** Returns the line of the log for a request: time of day, status, method, path and duration. */
export function requestLine({ method, path, status, ms }: AnsweredRequest, time: Date, paint: Paint): string {
  const clock = paint('dim', time.toISOString().slice(11, 23));
  return `${clock} ${paint(styleOf(status), String(status))} ${method.padEnd(METHOD_WIDTH)} ${oneLine(path)} ${paint('dim', `${ms.toFixed(1)} ms`)}`;
}

function styleOf(status: number): Style {
  if (status >= 500) return 'red';
  return status >= 400 ? 'yellow' : 'green';
}
