import { defineAction } from '../../protocol/action/define-action.ts';
import { rest } from '../../protocol/codec/primitives.ts';
import type { Endpoint } from '../../transport/carrier/link.ts';
import type { InitializeOptions } from '../initialize/initialize-options.ts';

// What a supervisor and its worker tell each other by the IPC channel of Node.js, as JSON.

/** Environment variable that tells a process that a supervisor has started it. */
export const SUPERVISED_VARIABLE = 'OPENSEARCH_TRANSPORT_SUPERVISED';

/** Marks our messages: a file may send others to its parent. */
const MARK = 'opensearch-transport';

/** The worker listens, and says where it would have listened by itself. */
export interface ListenMessage {
  readonly kind: 'listen';
  readonly wanted: { readonly port: number; readonly host?: string };
  /** Name of the carrier that it was given. */
  readonly carrier: string;
  /** Where the supervisor reaches it. */
  readonly local: Endpoint;
}

/** The worker wants nodes to initialise the extension; it is answered by a {@link ReplyMessage}. */
export interface InitializeMessage {
  readonly kind: 'initialize';
  readonly id: number;
  readonly urls: string | readonly string[];
  readonly options: InitializeOptions;
}

/** A message of a worker. */
export type WorkerMessage = ListenMessage | InitializeMessage;

/** An error as JSON. */
export interface PlainError {
  readonly code: string | null;
  readonly message: string;
}

/** The supervisor listens where the worker wanted to, or cannot. */
export type ListeningMessage = { readonly kind: 'listening' } & ({ readonly endpoint: Endpoint } | { readonly error: PlainError });

/** The answer to an {@link InitializeMessage}. */
export type ReplyMessage = { readonly kind: 'reply'; readonly id: number } & ({ readonly isDone: true } | { readonly error: PlainError });

/** A message of a supervisor. */
export type SupervisorMessage = ListeningMessage | ReplyMessage;

/**
 * A worker says on the connection of a node that it has registered everything with it: an empty body, or a {@link PlainError} as JSON. It travels by that connection
 * and not by IPC, so that it comes after the registrations and belongs to no other node.
 */
export const workerRegistered = defineAction({ name: 'internal:opensearch-transport/worker_registered', request: rest, response: rest });

/** Wraps a message for the IPC channel. */
export function wrapped(message: WorkerMessage | SupervisorMessage): object {
  return { [MARK]: message };
}

/** Returns the message in what came by the IPC channel, or null if it is of others. */
export function unwrapped<Message extends WorkerMessage | SupervisorMessage>(received: unknown): Message | null {
  if (typeof received !== 'object' || received === null) return null;
  const message = (received as Readonly<Record<string, unknown>>)[MARK];
  return typeof message === 'object' && message !== null && 'kind' in message ? (message as Message) : null;
}
