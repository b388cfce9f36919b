import { requestTransportAction } from '../../protocol/action/extension/extension-to-node.ts';
import type { ErrorCode } from '../../protocol/error/codes.ts';
import { printable } from '../../protocol/error/printable.ts';
import { type RemoteCause, RemoteError } from '../../protocol/error/remote-error.ts';
import { shortened } from '../../protocol/error/shortened.ts';
import { type ErrorDetails, TransportError } from '../../protocol/error/transport-error.ts';
import type { CallOptions } from '../../transport/call/call.ts';
import type { PeerChannel } from '../../transport/call/peer-channel.ts';

/** Time for the answer of another extension, in milliseconds: the node gives up after 10 seconds, and says so. */
const DEFAULT_TIMEOUT_MS = 12_000;

/** Longest part of a refusal that an error shows, in bytes. */
const MAX_SHOWN_BYTES = 300;

/**
 * Why an action of another extension was not executed, or not answered.
 *
 * - `unknown-action`: no extension has registered it with the node · `refused`: its extension answered that it has no such action
 * - `timed-out`: its extension did not answer within the 10 seconds of the node · `gone`: its extension is not connected to the node
 */
export type RemoteActionFailure = 'unknown-action' | 'refused' | 'timed-out' | 'gone';

/** An action of another extension could not be executed. What its handler throws is a {@link RemoteError} instead. */
export class RemoteActionError extends TransportError {
  readonly failure: RemoteActionFailure;
  /** Name of the action. */
  readonly action: string;
  /** The bytes of a refusal. Empty for other failures. */
  readonly responseBytes: Buffer;

  /** @internal */
  constructor(failure: RemoteActionFailure, action: string, text: string, responseBytes: Buffer, details: ErrorDetails = {}) {
    super(CODES[failure], { delivery: 'answered', ...details }, `cannot call the action '${shortened(action)}': ${text}`);
    this.failure = failure;
    this.action = action;
    this.responseBytes = responseBytes;
  }
}

const CODES: Readonly<Record<RemoteActionFailure, ErrorCode>> = {
  'unknown-action': 'ERR_UNKNOWN_ACTION',
  refused: 'ERR_REMOTE',
  'timed-out': 'ERR_DEADLINE',
  gone: 'ERR_CONNECTION_LOST',
};

/** What a call needs to know of the node. */
export interface RemoteHost {
  readonly name: string;
  readonly uniqueId: string;
  readonly channel: PeerChannel;
}

const NO_BYTES = Buffer.alloc(0);

/**
 * Calls a transport action of another extension through a node.
 *
 * @memory the bytes of the answer are owned
 * @throws RemoteActionError, RemoteError (the handler of the action failed: its type, reason and status), and as a client's call
 * @see extensions.md §1.3 no. 14
 */
export async function callRemote(node: RemoteHost, action: string, requestBytes: Uint8Array, options: CallOptions = {}): Promise<Buffer> {
  const request = { uniqueId: node.uniqueId, action, requestBytes };
  try {
    const { success, responseBytes } = await node.channel.call(requestTransportAction, request, {
      timeoutMs: DEFAULT_TIMEOUT_MS,
      ...options,
    });
    if (success) return responseBytes;
    throw refusal(node, action, responseBytes);
  } catch (error) {
    throw error instanceof RemoteError ? translated(node, action, error) : error;
  }
}

function refusal({ name }: RemoteHost, action: string, bytes: Buffer): RemoteActionError {
  const said = bytes.toString('utf8');
  if (said === `Request failed: action [${action}] is not registered for any extension.`) {
    const text = `no extension has registered it with node ${name}; check the name, and that its extension is initialised on this node`;
    return new RemoteActionError('unknown-action', action, text, NO_BYTES, { delivery: 'not-sent' });
  }
  const shown = printable(bytes.toString('utf8', 0, MAX_SHOWN_BYTES));
  return new RemoteActionError('refused', action, `its extension answered that it failed: ${shown}`, bytes);
}

/** The target's own exceptions have been through two transports, those of the node through one. */
function translated({ name }: RemoteHost, action: string, error: RemoteError): TransportError {
  if (wrapperCount(error.remote) > 1) return error;
  const { remoteType, reason } = error;
  if (/\bTimeoutException\b/.test(reason)) {
    const text =
      'its extension did not answer within the 10 seconds that the node waits; make its handler faster, or let it answer before its work is done';
    return new RemoteActionError('timed-out', action, text, NO_BYTES, { cause: error, delivery: 'maybe-sent' });
  }
  if (!GONE.has(remoteType)) return error;
  const text = `its extension is not connected to node ${name} any more; start it again, and initialise it on the node after a restart of the node`;
  const delivery = remoteType === 'node_disconnected_exception' ? 'maybe-sent' : 'not-sent';
  return new RemoteActionError('gone', action, text, NO_BYTES, { cause: error, delivery });
}

const GONE: ReadonlySet<string> = new Set(['node_not_connected_exception', 'node_disconnected_exception', 'connect_transport_exception']);

function wrapperCount(remote: RemoteCause): number {
  let count = 0;
  for (let at: RemoteCause | null = remote; at?.type === 'remote_transport_exception'; at = at.cause) count++;
  return count;
}
