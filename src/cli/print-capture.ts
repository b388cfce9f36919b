import { setImmediate } from 'node:timers/promises';
import type { Output } from './output.ts';
import type { Paint } from '../inspect/render/paint.ts';
import type { ConversationEvent } from '../inspect/conversation/conversation-event.ts';
import { guessProtocol } from '../inspect/conversation/other-protocol.ts';
import type { Input } from '../inspect/capture/detect-input.ts';
import { type CaptureCounts, type CaptureOptions, noCounts, readCapture } from '../inspect/conversation/read-capture.ts';
import { readStream } from '../inspect/conversation/read-stream.ts';
import { eventJson } from '../inspect/render/event-json.ts';
import { eventText } from '../inspect/render/event-text.ts';

/** How an input is decoded and shown. */
export interface PrintOptions extends CaptureOptions {
  readonly json: boolean;
  readonly full: boolean;
  readonly brief: boolean;
  readonly paint: Paint;
  readonly signal: AbortSignal;
}

/** Counts of what was found. */
export interface PrintResult {
  readonly messages: number;
  readonly pings: number;
  /** Messages that are broken or cut off, and bytes that are not messages. */
  readonly problems: number;
}

/** Text is written in pieces of about so many characters. */
const WRITE_CHARS = 64 * 1024;

/**
 * Decodes an input and prints its events; notes about what was left out go to `notes`.
 *
 * @throws the signal's reason when it fires
 */
export async function printCapture(input: Input, options: PrintOptions, output: Output, notes: Output): Promise<PrintResult> {
  const counts = noCounts();
  const batches = input.kind === 'packets' ? readCapture(input.packets, options, counts) : readStream(input.chunks, options);
  const found = { messages: 0, pings: 0, problems: 0 };
  const others = new OtherProtocols();
  const textOf = options.json
    ? (event: ConversationEvent): string => `${eventJson(event, { withFields: options.full })}\n`
    : (event: ConversationEvent): string => `${eventText(event, options)}${options.brief ? '\n' : '\n\n'}`;
  for await (const events of batches) {
    // Lets Ctrl-C through where nothing else waits.
    await setImmediate();
    options.signal.throwIfAborted();
    let text = '';
    for (const event of events) {
      tally(found, event);
      if (input.kind === 'packets' && others.passOver(event)) continue;
      text += textOf(event);
      if (text.length < WRITE_CHARS) continue;
      await output.write(text);
      text = '';
    }
    if (text !== '') await output.write(text);
  }
  if (found.messages + found.pings === 0) await notes.print(options.paint('yellow', 'no transport message was found'));
  for (const note of [...others.notes(), ...countNotes(counts)]) await notes.print(options.paint('yellow', note));
  return found;
}

function tally(found: { -readonly [K in keyof PrintResult]: PrintResult[K] }, event: ConversationEvent): void {
  if (event.kind === 'ping') found.pings++;
  if (event.kind === 'message') found.messages++;
  if (isBroken(event)) found.problems++;
}

/** Gaps are faults of the capture and do not count. */
function isBroken(event: ConversationEvent): boolean {
  if (event.kind === 'skipped') return event.error !== null;
  return event.kind === 'message' && (event.missing > 0 || event.message.isBroken);
}

/** Connections of other protocols: a capture may have thousands, so they are told together at the end. */
class OtherProtocols {
  readonly #seen: Map<string, { connections: Set<number>; example: string }>;

  constructor() {
    this.#seen = new Map();
  }

  /** Whether this is a stream of another protocol from its first byte on. */
  passOver(event: ConversationEvent): boolean {
    if (event.kind !== 'skipped' || event.offset !== 0) return false;
    const protocol = guessProtocol(event.bytes);
    if (protocol === null) return false;
    const known = this.#seen.get(protocol) ?? { connections: new Set<number>(), example: `${event.from} → ${event.to}` };
    known.connections.add(event.connection);
    this.#seen.set(protocol, known);
    return true;
  }

  notes(): string[] {
    return [...this.#seen].map(
      ([
        protocol,
        {
          connections: { size },
          example,
        },
      ]) => {
        const others = size === 1 ? '' : ` and ${size - 1} more ${size === 2 ? 'connection' : 'connections'}`;
        return `${example}${others}: not transport frames but ${protocol}`;
      },
    );
  }
}

function countNotes({ fragments, unknownLinks, unknownLinkType }: CaptureCounts): string[] {
  return [
    ...(fragments === 0 ? [] : [`${fragments} IP fragments were left out: their connections have gaps`]),
    ...(unknownLinks === 0 ? [] : [`${unknownLinks} packets were left out: link type ${unknownLinkType} is not known`]),
  ];
}
