import type { Output } from './output.ts';
import type { Paint } from '../inspect/render/paint.ts';
import type { Sighting } from '../inspect/conversation/conversation.ts';
import { foreignProtocol } from '../inspect/conversation/other-protocol.ts';
import type { Input } from '../inspect/capture/detect-input.ts';
import { type CaptureCounts, type CaptureOptions, noCounts, readCapture } from '../inspect/conversation/read-capture.ts';
import { readStream } from '../inspect/conversation/read-stream.ts';
import { sightingJson } from '../inspect/render/event-json.ts';
import { sightingText } from '../inspect/render/event-text.ts';

/** How to decode and show. */
export interface DecodeOptions extends CaptureOptions {
  readonly json: boolean;
  readonly full: boolean;
  readonly brief: boolean;
  readonly paint: Paint;
  readonly signal: AbortSignal;
}

/** What was found. */
export interface DecodeResult {
  readonly messages: number;
  readonly pings: number;
  /** Messages that are broken or cut off, and stretches that are no messages. */
  readonly problems: number;
}

/**
 * Decodes an input and prints what is seen, message by message; notes about what was passed over go to `notes`.
 *
 * @throws the signal's reason when it fires
 */
export async function decodeInput(input: Input, options: DecodeOptions, output: Output, notes: Output): Promise<DecodeResult> {
  const counts = noCounts();
  const sightings = input.kind === 'packets' ? readCapture(input.packets, options, counts) : readStream(input.chunks, options);
  const found = { messages: 0, pings: 0, problems: 0 };
  const foreign = new ForeignStreams();
  for await (const sighting of sightings) {
    options.signal.throwIfAborted();
    tally(found, sighting);
    if (input.kind === 'packets' && foreign.passOver(sighting)) continue;
    await output.print(options.json ? sightingJson(sighting) : `${sightingText(sighting, options)}${options.brief ? '' : '\n'}`);
  }
  if (found.messages + found.pings === 0) await notes.print(options.paint('yellow', 'no transport message was found'));
  for (const note of [...foreign.notes(), ...countNotes(counts)]) await notes.print(options.paint('yellow', note));
  return found;
}

function tally(found: { -readonly [K in keyof DecodeResult]: DecodeResult[K] }, sighting: Sighting): void {
  if (sighting.kind === 'ping') found.pings++;
  if (sighting.kind === 'message') found.messages++;
  if (isBroken(sighting)) found.problems++;
}

/** What a capture does not have is no fault of the peers. */
function isBroken(sighting: Sighting): boolean {
  if (sighting.kind === 'skipped') return sighting.error !== null;
  if (sighting.kind !== 'message') return false;
  return sighting.missing > 0 || sighting.message.problem !== null || (sighting.message.body?.problem ?? null) !== null;
}

/** Connections of other protocols: a capture may have thousands, so they are told together at the end. */
class ForeignStreams {
  readonly #seen: Map<string, { connections: Set<number>; example: string }>;

  constructor() {
    this.#seen = new Map();
  }

  /** Whether this is a stream of another protocol from its first byte on. */
  passOver(sighting: Sighting): boolean {
    if (sighting.kind !== 'skipped' || sighting.offset !== 0) return false;
    const protocol = foreignProtocol(sighting.bytes);
    if (protocol === null) return false;
    const known = this.#seen.get(protocol) ?? { connections: new Set<number>(), example: `${sighting.from} → ${sighting.to}` };
    known.connections.add(sighting.connection);
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
        return `${example}${others}: no transport frames but ${protocol}`;
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
