import { type Delivery, ERROR_CODES, type ErrorCode, type ErrorFault, type ErrorScope } from './codes.ts';
import { errorJson } from './error-json.ts';

/** Marks errors of every copy of the package, so that `instanceof` works across two installed copies. */
const BRAND: unique symbol = Symbol.for('opensearch-transport.error') as never;

/** Facts an error carries besides its text; which of them are set depends on the class. */
export interface ErrorDetails {
  /** The error this one explains. */
  readonly cause?: unknown;
  /** Overrides what is usual for the code. */
  readonly delivery?: Delivery;
  /** Overrides what is usual for the code. */
  readonly scope?: ErrorScope;
}

/**
 * Every error this package throws: `code` is stable and closed, `scope`, `fault` and `delivery` are what policies look at,
 * `message` is one plain sentence. `String(error)` shows the code in brackets before it.
 *
 * @see docs/errors.md for each code with its remedy.
 */
export class TransportError extends Error {
  readonly code: ErrorCode;
  readonly scope: ErrorScope;
  readonly fault: ErrorFault;
  /** What is known about the request: policies may always repeat `not-sent`. */
  readonly delivery: Delivery;

  constructor(code: ErrorCode, details: ErrorDetails, message: string) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    const usual = ERROR_CODES[code];
    this.code = code;
    this.scope = details.scope ?? usual.scope;
    this.fault = usual.fault;
    this.delivery = details.delivery ?? usual.delivery;
  }

  /** Wraps a foreign error without losing it; a TransportError comes back as it is. */
  static from(error: unknown, code: ErrorCode = 'ERR_REMOTE', details: ErrorDetails = {}): TransportError {
    if (error instanceof TransportError) return error;
    const text = error instanceof Error ? error.message : String(error);
    return new TransportError(code, { ...details, cause: error }, text);
  }

  /** True for errors of any installed copy of the package that belong to this class. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (typeof value !== 'object' || value === null) return false;
    if (Function.prototype[Symbol.hasInstance].call(this, value)) return true;
    const brands: unknown = (value as { [BRAND]?: unknown })[BRAND];
    return Array.isArray(brands) && brands.includes(this.name);
  }

  get [BRAND](): readonly string[] {
    const names: string[] = [];
    for (let type: unknown = this.constructor; typeof type === 'function' && type !== Error; type = Object.getPrototypeOf(type)) {
      names.push(type.name);
    }
    return names;
  }

  /** Returns what `JSON.stringify` writes: message, code and the other members, and the causes. No stack. */
  toJSON(): Record<string, unknown> {
    return errorJson(this);
  }

  override toString(): string {
    return `${this.name} [${this.code}]: ${this.message}`;
  }
}

Object.defineProperty(TransportError.prototype, 'name', {
  get(this: TransportError) {
    return this.constructor.name;
  },
});

/** The caller's arguments or options are wrong; nothing was sent. */
export class UsageError extends TransportError {}

/** A limit of ours was met before anything was sent. */
export class LimitError extends TransportError {}

/** Too much is in flight; nothing was sent. */
export class OverloadedError extends TransportError {}

/** The caller's signal fired; `cause` is the signal's reason. */
export class CancelledError extends TransportError {}

/** Something the machine has to offer is missing: a JDK, Maven, a free port. */
export class EnvironmentError extends TransportError {}

/** Where a deadline passed: waiting for a channel, connecting, shaking hands, or waiting for the answer. */
export type DeadlinePhase = 'queue' | 'dial' | 'handshake' | 'answer';

/** A deadline passed. */
export class DeadlineError extends TransportError {
  readonly phase: DeadlinePhase;

  constructor(phase: DeadlinePhase, details: ErrorDetails, message: string) {
    super('ERR_DEADLINE', details, message);
    this.phase = phase;
  }
}

/** The node could not be reached, or a port could not be taken. */
export class DialError extends TransportError {}

/** The peer was reached, but the conversation could not begin. */
export class HandshakeError extends TransportError {}

/** The two ends have no version in common; the message names both. */
export class VersionError extends TransportError {}

/** The connection ended while the call was queued or in flight. */
export class ConnectionLostError extends TransportError {}

/** Facts about a broken frame. */
export interface FrameDetails extends ErrorDetails {
  /** Where the frame began, in bytes since the connection opened. */
  readonly offset?: number;
  /** The first bytes of the frame, in hex. */
  readonly head?: string;
  /** The number that was found. */
  readonly found?: number;
  /** The number that is allowed. */
  readonly limit?: number;
}

/** A frame that breaks the protocol. The decoder is poisoned and the channel closes. */
export class FrameError extends TransportError {
  /** Where the frame began, in bytes since the connection opened. */
  readonly offset: number | undefined;
  /** The first bytes of the frame, in hex. */
  readonly head: string | undefined;
  readonly found: number | undefined;
  readonly limit: number | undefined;

  constructor(
    code: 'ERR_BAD_MARKER' | 'ERR_BAD_LENGTH' | 'ERR_FRAME_TOO_LARGE' | 'ERR_HEADER_SIZE' | 'ERR_BAD_STATUS' | 'ERR_COMPRESSION',
    details: FrameDetails,
    message: string,
  ) {
    super(code, details, message);
    this.offset = details.offset;
    this.head = details.head;
    this.found = details.found;
    this.limit = details.limit;
  }
}

/** Facts about bytes that do not decode. */
export interface DecodeDetails extends ErrorDetails {
  /** Offset in the decoded bytes where it went wrong. */
  readonly offset?: number;
  /** Names of the fields that lead there, outermost first. */
  readonly path?: readonly string[];
}

/** A body that does not decode. It fails its call only; the channel goes on. */
export class DecodeError extends TransportError {
  /** Offset in the decoded bytes where it went wrong. */
  readonly offset: number | undefined;
  /** Names of the fields that lead there, outermost first; filled while the error passes through the codecs. */
  readonly path: readonly string[];

  constructor(code: 'ERR_DECODE' | 'ERR_PAYLOAD_LIMIT' | 'ERR_BAD_REQUEST', details: DecodeDetails, message: string) {
    super(code, details, message);
    this.offset = details.offset;
    this.path = details.path ?? [];
  }
}
