import { channel } from 'node:diagnostics_channel';
import type { Endpoint } from '../carrier/link.ts';

/** Published when a call of a client begins. */
export interface CallStarted {
  readonly action: string;
  readonly requestId: number;
  readonly remote: Endpoint;
}

/** Published when a call of a client, or a request to a server, has ended. */
export interface CallEnded {
  readonly action: string;
  readonly remote: Endpoint;
  readonly durationMs: number;
  /** Null when it was answered. */
  readonly error: unknown;
}

/** Published when a channel opens or ends. */
export interface ChannelChanged {
  readonly remote: Endpoint;
  readonly role: 'dialed' | 'accepted';
  /** Null for a channel that opened, or was closed in good order. */
  readonly error: unknown;
}

/**
 * Channels of `node:diagnostics_channel`. Messages are built only while somebody subscribes.
 *
 * | name | message |
 * |---|---|
 * | `opensearch-transport:call:start` | {@link CallStarted} |
 * | `opensearch-transport:call:end` | {@link CallEnded} |
 * | `opensearch-transport:request:end` | {@link CallEnded} |
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
