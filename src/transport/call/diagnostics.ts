import { channel } from 'node:diagnostics_channel';
import type { Endpoint } from '../carrier/link.ts';

/** Published when a call begins, before anything is sent. One {@link CallEnded} follows, always. */
export interface CallStarted {
  /** Number of the call in this process: the same in its {@link CallEnded}. */
  readonly callId: number;
  readonly action: string;
  /** Address of the peer; null for a call that found no connected node. */
  readonly remote: Endpoint | null;
}

/** Published once when a call has ended. */
export interface CallEnded {
  /** Number of the call in this process: the same in its {@link CallStarted}. */
  readonly callId: number;
  readonly action: string;
  /** Id of the request on the wire; null for a call that failed before it got one. */
  readonly requestId: number | null;
  /** Address of the peer; null for a call that found no connected node. */
  readonly remote: Endpoint | null;
  readonly durationMs: number;
  /** Null when the call was answered. */
  readonly error: unknown;
}

/** Published when a request of a peer has been answered. */
export interface RequestEnded {
  readonly action: string;
  readonly remote: Endpoint;
  readonly durationMs: number;
  /** What the handler threw; null when it gave an answer. */
  readonly error: unknown;
}

/** Published when a channel opens, and when it ends. */
export interface ChannelChanged {
  readonly remote: Endpoint;
  readonly role: 'dialed' | 'accepted';
  /** Null for a channel that opened, and for one that was closed in good order. */
  readonly error: unknown;
}

/**
 * Channels of `node:diagnostics_channel`. Messages are built only for channels with subscribers.
 *
 * | name | message |
 * |---|---|
 * | `opensearch-transport:call:start` | {@link CallStarted} |
 * | `opensearch-transport:call:end` | {@link CallEnded} |
 * | `opensearch-transport:request:end` | {@link RequestEnded} |
 * | `opensearch-transport:channel:open` | {@link ChannelChanged} |
 * | `opensearch-transport:channel:close` | {@link ChannelChanged} |
 */
export const diagnostics = {
  callStart: channel('opensearch-transport:call:start'),
  callEnd: channel('opensearch-transport:call:end'),
  requestEnd: channel('opensearch-transport:request:end'),
  channelOpen: channel('opensearch-transport:channel:open'),
  channelClose: channel('opensearch-transport:channel:close'),
};

let lastCallId = 0;
const callIds = new WeakMap<object, number>();

/** The number of a call in this process, given when a subscriber first needs it. */
export function callIdOf(call: object): number {
  let callId = callIds.get(call);
  if (callId === undefined) {
    callId = ++lastCallId;
    callIds.set(call, callId);
  }
  return callId;
}

/** Publishes the start and the end of a call that found no connected node. */
export function publishUnconnectedCall(action: string, durationMs: number, error: unknown): void {
  if (!diagnostics.callStart.hasSubscribers && !diagnostics.callEnd.hasSubscribers) return;
  const callId = ++lastCallId;
  diagnostics.callStart.publish({ callId, action, remote: null } satisfies CallStarted);
  diagnostics.callEnd.publish({ callId, action, requestId: null, remote: null, durationMs, error } satisfies CallEnded);
}
