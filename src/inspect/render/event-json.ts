import { DecodeError, type TransportError } from '../../protocol/error/transport-error.ts';
import type { Sighting } from '../conversation/conversation.ts';
import { jsonText } from '../dissect/field-form.ts';
import { foreignProtocol } from '../conversation/other-protocol.ts';
import type { MessageReading } from '../dissect/dissect-message.ts';

/**
 * A sighting as one JSON object on a line. A message has the parts of the codec port's frame form (`ostp encode` takes it back), and beside them
 * `answers` (the action of a response's request) and `value` (the decoded body) or `problem`.
 */
export function sightingJson(sighting: Sighting): string {
  const { kind, connection, from, to, timeNs, offset } = sighting;
  const time = timeNs === null ? {} : { time: secondsText(timeNs) };
  const place = from === null ? {} : { connection, from, to };
  return jsonText({ kind, ...place, ...time, offset, ...contentOf(sighting) });
}

/** Seconds since 1970 with nine decimals, as text: a number would lose some. */
function secondsText(timeNs: bigint): string {
  return `${timeNs / 1_000_000_000n}.${(timeNs % 1_000_000_000n).toString().padStart(9, '0')}`;
}

function contentOf(sighting: Sighting): object {
  switch (sighting.kind) {
    case 'ping':
      return { ping: true };
    case 'gap':
      return { size: sighting.size };
    case 'skipped': {
      const { size, bytes, error } = sighting;
      return { size, bytes: bytes.toString('hex'), foreign: foreignProtocol(bytes), problem: error === null ? null : problemForm(error) };
    }
    case 'message': {
      const { bytes, missing, message } = sighting;
      return { size: bytes.length, ...(missing > 0 && { missing }), ...messageForm(message, bytes) };
    }
  }
}

function messageForm({ header, variable, action, body, problem }: MessageReading, bytes: Buffer): object {
  if (header === null) return { bytes: bytes.toString('hex') };
  const { variableSize: _, requestId, ...flags } = header;
  const error = problem ?? body?.problem ?? null;
  return {
    ...flags,
    requestId: requestId >= Number.MIN_SAFE_INTEGER && requestId <= Number.MAX_SAFE_INTEGER ? Number(requestId) : String(requestId),
    ...variable,
    ...(!header.request && { answers: action }),
    ...(body !== null && { body: body.bytes.toString('hex') }),
    ...(body?.form !== undefined && (header.error ? { exception: body.form } : { value: body.form })),
    ...(error !== null && { problem: problemForm(error) }),
  };
}

function problemForm(error: TransportError): object {
  const { code, message } = error;
  return error instanceof DecodeError ? { code, message, path: error.path, offset: error.offset } : { code, message };
}
