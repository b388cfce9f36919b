import type { TransportError } from '../../protocol/error/transport-error.ts';
import type { DissectedMessage } from '../dissect/dissected-message.ts';

/** Where and when an event was observed. */
export interface EventOrigin {
  /** Number of the connection, from 1. */
  readonly connection: number;
  /** Sender and receiver as `host:port`; null where the input has no addresses. */
  readonly from: string | null;
  readonly to: string | null;
  /** Nanoseconds since 1970, of the packet that completed it; null where the input has no time. */
  readonly timeNs: bigint | null;
}

/** Where and when an event of a conversation was seen. */
export interface EventPlace extends EventOrigin {
  /** First byte in its direction of the connection, gaps included. */
  readonly offset: number;
}

/** A message: a frame that is not a ping, whole or cut off. */
export interface MessageEvent extends EventPlace {
  readonly kind: 'message';
  /** The frame. @memory owned */
  readonly bytes: Buffer;
  /** Bytes of the frame that did not come; 0 for a whole one. */
  readonly missing: number;
  readonly message: DissectedMessage;
}

/** A ping frame. */
export interface PingEvent extends EventPlace {
  readonly kind: 'ping';
  readonly bytes: Buffer;
}

/** Bytes that the capture does not have. */
export interface GapEvent extends EventPlace {
  readonly kind: 'gap';
  readonly size: number;
}

/** Bytes that are not a frame. */
export interface SkippedEvent extends EventPlace {
  readonly kind: 'skipped';
  readonly size: number;
  /** The first of them, 64 at most. */
  readonly bytes: Buffer;
  /** Why they are not a frame; null where decoding started in the middle of a stream. */
  readonly error: TransportError | null;
}

/** One thing observed in one direction of a conversation. Events of a direction come in order. */
export type ConversationEvent = MessageEvent | PingEvent | GapEvent | SkippedEvent;
