import type { Codec } from '../../codec/codec.ts';
import { defineAction } from '../define-action.ts';
import {
  type BroadcastRequest,
  type BroadcastRequestInit,
  type BroadcastResponse,
  type BroadcastResponseInit,
  broadcastRequest,
  broadcastResponse,
} from '../shared/broadcast.ts';

/** Refreshes indices. */
export interface RefreshRequest extends BroadcastRequest {}

/** A {@link RefreshRequest} to send. */
export interface RefreshRequestInit extends BroadcastRequestInit {}

/** How the refresh fared on the shards. */
export interface RefreshResponse extends BroadcastResponse {}

/** A {@link RefreshResponse} to send. */
export interface RefreshResponseInit extends BroadcastResponseInit {}

const request: Codec<RefreshRequest, RefreshRequestInit> = broadcastRequest;
const response: Codec<RefreshResponse, RefreshResponseInit> = broadcastResponse;

/**
 * `indices:admin/refresh`: makes recent writes visible to searches.
 *
 * @example await client.call(indices.refresh, { indices: ['notes'] })
 * @see wire-format.md §11.9
 */
export const refresh = defineAction({
  name: 'indices:admin/refresh',
  request,
  response,
  summary: 'Makes recent writes visible to searches',
  idempotent: true,
});
