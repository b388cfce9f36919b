import { TransportError } from '../protocol/error/transport-error.ts';
import { jsonLine, oneLine } from '../protocol/error/printable.ts';
import { formatEndpoint } from '../transport/carrier/endpoint.ts';
import type { ServerEvent } from '../transport/server/server-options.ts';

/** Severity of a line. */
type Level = 'INFO' | 'WARN' | 'ERROR';

/** Returns a line of the log of `ostp serve` for an event: its time, its level and what happened, as text or as a JSON object. */
export function serverLogLine(event: ServerEvent, time: Date, asJson: boolean): string {
  const level = levelOf(event);
  if (asJson) return jsonLine({ time: time.toISOString(), level, event: event.type, ...detailsOf(event) });
  return `${time.toISOString()} ${level.padEnd(5)} ${oneLine(textOf(event))}`;
}

function levelOf(event: ServerEvent): Level {
  if (event.type === 'handlerFailed') return 'ERROR';
  return event.type === 'channelOpened' || event.error === null ? 'INFO' : 'WARN';
}

function detailsOf(event: ServerEvent): object {
  if (event.type === 'handlerFailed') return { action: event.action, ...errorOf(event.error) };
  const remote = event.remote === null ? null : formatEndpoint(event.remote);
  return { remote, ...(event.type !== 'channelOpened' && event.error !== null && errorOf(event.error)) };
}

function errorOf(error: unknown): object {
  return { ...(error instanceof TransportError && { code: error.code }), message: messageOf(error) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function textOf(event: ServerEvent): string {
  if (event.type === 'handlerFailed') return `handler of ${event.action} failed: ${messageOf(event.error)}`;
  const from = event.remote === null ? '' : ` from ${formatEndpoint(event.remote)}`;
  if (event.type === 'channelOpened') return `connection${from} opened`;
  const what = event.type === 'channelRefused' ? 'refused' : 'closed';
  return `connection${from} ${what}${event.error === null ? '' : `: ${messageOf(event.error)}`}`;
}
