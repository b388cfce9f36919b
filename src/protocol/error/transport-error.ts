import { reasonOf } from './reason-of.ts';
import { type Delivery, ERROR_CODES, type ErrorCode, type ErrorFault, type ErrorScope } from './codes.ts';
import { errorJson } from './error-json.ts';

/** Marks errors, so that `instanceof` works across two installed copies of the package. */
const BRAND: unique symbol = Symbol.for('opensearch-transport.error') as never;

/** The method by which Node.js shows an object. */
const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never;

/** Details of an error besides its text. The class decides which are set. */
export interface ErrorDetails {
  /** The error that this one explains. */
  readonly cause?: unknown;
  /** @default the usual value of the code */
  readonly delivery?: Delivery;
  /** @default the usual value of the code */
  readonly scope?: ErrorScope;
}

/**
 * The base class of every error that this package throws. `code` is stable; `scope`, `fault` and `delivery` help to decide what to do; `message`
 * is for people. `String(error)` shows the code in brackets before the message.
 *
 * @see docs/errors.md for each code with its remedy.
 */
export class TransportError extends Error {
  readonly code: ErrorCode;
  readonly scope: ErrorScope;
  readonly fault: ErrorFault;
  /** How far the request got. With `not-sent` the request has not been executed, so repeating it cannot execute it twice. */
  readonly delivery: Delivery;
  /** Only this class can make an object that has it: a proxy of an error does not, and what `get` of a proxy does is unknown. */
  // oxlint-disable-next-line eslint/no-unused-private-class-members -- `instanceof` asks whether it is there
  readonly #isGenuine = true;

  constructor(code: ErrorCode, details: ErrorDetails, message: string) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    const usual = ERROR_CODES[code];
    this.code = code;
    this.scope = details.scope ?? usual.scope;
    this.fault = usual.fault;
    this.delivery = details.delivery ?? usual.delivery;
  }

  /** Wraps any thrown value as `cause`. Returns a TransportError unchanged. */
  static from(error: unknown, code: ErrorCode = 'ERR_REMOTE', details: ErrorDetails = {}): TransportError {
    if (error instanceof TransportError) return error;
    return new TransportError(code, { ...details, cause: error }, reasonOf(error));
  }

  /** Returns true for errors of this class, of any installed copy of the package; false for a proxy of one, and for a value that throws when it is read. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (typeof value !== 'object' || value === null) return false;
    try {
      if (Function.prototype[Symbol.hasInstance].call(this, value)) return #isGenuine in value;
      const brands: unknown = (value as { [BRAND]?: unknown })[BRAND];
      return Array.isArray(brands) && brands.includes(this.name);
    } catch {
      return false;
    }
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

  /** Returns what `console.log` shows. A cause may be any value, and Node.js throws at one that cannot be read, such as a revoked Proxy. */
  [INSPECT](depth: number, options: object, inspect: (value: unknown, options: object) => string): string {
    try {
      return inspect(this, { ...options, depth, customInspect: false });
    } catch {
      return `${this.stack ?? this.toString()}\n  code: '${this.code}', [cause]: a value that cannot be shown`;
    }
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

/** The caller's arguments or options are wrong. The request was not sent. */
export class UsageError extends TransportError {}

/** The request exceeds a limit of this process. It was not sent. */
export class LimitError extends TransportError {}

/** Too many calls are in flight. The request was not sent. */
export class OverloadedError extends TransportError {}

/** The caller's signal fired; `cause` is the signal's reason. */
export class CancelledError extends TransportError {}

/** The machine lacks something: a JDK, Maven, a free port. */
export class EnvironmentError extends TransportError {}

/** What a call was waiting for when its deadline passed: the connection, the handshake, the answer, or an interceptor of the client. */
export type DeadlinePhase = 'dial' | 'handshake' | 'answer' | 'interceptor';

/** The deadline of a call passed. */
export class DeadlineError extends TransportError {
  readonly phase: DeadlinePhase;

  constructor(phase: DeadlinePhase, details: ErrorDetails, message: string) {
    super('ERR_DEADLINE', details, message);
    this.phase = phase;
  }
}

/** The node cannot be reached, or a port cannot be bound. */
export class DialError extends TransportError {}

/** The peer was reached, but the handshake failed. */
export class HandshakeError extends TransportError {}

/** The versions of the two ends are incompatible. The message names both. */
export class VersionError extends TransportError {}

/** The connection ended while the call was queued or in flight. */
export class ConnectionLostError extends TransportError {}

/** Details of a broken frame. */
export interface FrameDetails extends ErrorDetails {
  /** Offset of the frame, in bytes since the connection opened. */
  readonly offset?: number;
  /** The first bytes of the frame, in hex. */
  readonly head?: string;
  /** The number in the frame. */
  readonly found?: number;
  /** The allowed number. */
  readonly limit?: number;
}

/** A frame breaks the protocol. The decoder accepts no more bytes and the channel closes. */
export class FrameError extends TransportError {
  /** Offset of the frame, in bytes since the connection opened. */
  readonly offset: number | undefined;
  /** The first bytes of the frame, in hex. */
  readonly head: string | undefined;
  readonly found: number | undefined;
  readonly limit: number | undefined;

  constructor(
    code: 'ERR_BAD_MARKER' | 'ERR_BAD_LENGTH' | 'ERR_FRAME_TOO_LARGE' | 'ERR_HEADER_SIZE' | 'ERR_COMPRESSION',
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

/** Details of bytes that cannot be decoded. */
export interface DecodeDetails extends ErrorDetails {
  /** Offset of the error in the decoded bytes. */
  readonly offset?: number;
  /** Names of the fields that contain the error, outermost first. */
  readonly path?: readonly string[];
}

/** A body cannot be decoded. Only its call fails; the channel stays open. */
export class DecodeError extends TransportError {
  /** Offset of the error in the decoded bytes. */
  readonly offset: number | undefined;
  /** Names of the fields that contain the error, outermost first. The codecs add them while the error passes through. */
  readonly path: readonly string[];

  constructor(code: 'ERR_DECODE' | 'ERR_PAYLOAD_LIMIT' | 'ERR_BAD_REQUEST', details: DecodeDetails, message: string) {
    super(code, details, message);
    this.offset = details.offset;
    this.path = details.path ?? [];
  }
}
