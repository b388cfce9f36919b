import { StatusError } from '../../protocol/error/status-error.ts';
import { isObject } from '../../protocol/rest/body.ts';
import { type FormatReader, formatReader, otherFormatOf } from '../../protocol/rest/formats/format-reader.ts';
import { type JsonObject, toJson } from '../../protocol/rest/json.ts';
import { parseJsonExactly } from '../rest/parse-json.ts';
import { mapperParsing } from './errors.ts';

const JSON_TYPE = 'application/json';

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');

/** Reads documents in the content types of OpenSearch. The libraries for those that are not JSON are loaded when they are first needed. */
export class SourceFormats {
  readonly #parsers = new Map<string, FormatReader>([[JSON_TYPE, (bytes) => JSON.parse(textOf(bytes))]]);

  /** Returns whether documents of this content type can be parsed at once; if not, wait for {@link load}. */
  isReady(contentType: string): boolean {
    return this.#parsers.has(contentType) || otherFormatOf(contentType) === undefined;
  }

  /** Loads what a content type needs. */
  async load(contentType: string): Promise<void> {
    const format = this.isReady(contentType) ? undefined : otherFormatOf(contentType);
    if (format !== undefined) this.#parsers.set(contentType, await formatReader(format));
  }

  /**
   * Parses a document.
   *
   * @param contentType one that {@link isReady}
   * @throws StatusError 400 in a node's words if it is not an object
   */
  parse(source: Uint8Array, contentType: string): Readonly<Record<string, unknown>> {
    if (contentType === JSON_TYPE) refuseDeep(source);
    let value: unknown;
    try {
      value = this.#parsers.get(contentType)?.(source);
    } catch (error) {
      if (contentType === JSON_TYPE && source[firstOf(source)] === OPENING_BRACE)
        throw mapperParsing('failed to parse', jsonFailure(error));
    }
    if (isObject(value)) return value;
    throw mapperParsing('failed to parse', notContent());
  }

  /** Parses a document that {@link parse} has accepted, and keeps the text of its numbers, whatever their size and form. */
  parseExactly(source: Uint8Array, contentType: string): JsonObject {
    return (contentType === JSON_TYPE ? parseJsonExactly(textOf(source)) : toJson(this.parse(source, contentType))) as JsonObject;
  }
}

/** @throws StatusError 400 for JSON that is nested too deep for what works on documents level by level */
function refuseDeep(source: Uint8Array): void {
  if (source.length <= 2 * MAX_NESTING) return;
  let [depth, isInText] = [0, false];
  for (let at = 0; at < source.length; at++) {
    const byte = source[at];
    if (byte === BACKSLASH && isInText) at++;
    else if (byte === QUOTE) isInText = !isInText;
    else if (isInText) continue;
    else if (byte === OPENING_BRACE || byte === OPENING_BRACKET) depth++;
    else if (byte === CLOSING_BRACE || byte === CLOSING_BRACKET) depth--;
    if (depth > MAX_NESTING) throw mapperParsing('failed to parse', tooDeep(depth));
  }
}

function tooDeep(depth: number): StatusError {
  const why = `Document nesting depth (${depth}) exceeds the maximum allowed (${MAX_NESTING})`;
  return new StatusError(400, 'stream_constraints_exception', why);
}

function notContent(): StatusError {
  const why = 'Compressor detection can only be called on some xcontent bytes or compressed xcontent bytes';
  return new StatusError(500, 'not_x_content_exception', why);
}

/** Deepest nesting of a document. @see `StreamReadConstraints` of Jackson, as OpenSearch sets it */
const MAX_NESTING = 1000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const CLOSING_BRACE = 0x7d;
const OPENING_BRACE = 0x7b;
const SPACE = 0x20;

function firstOf(source: Uint8Array): number {
  const at = source.findIndex((byte) => byte > SPACE);
  return at === -1 ? 0 : at;
}

function jsonFailure(error: unknown): StatusError {
  return new StatusError(500, 'json_parse_exception', (error as Error).message);
}
