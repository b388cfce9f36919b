import { tcpHandshake } from '../../protocol/action/internal/tcp-handshake.ts';
import { transportHandshake } from '../../protocol/action/internal/transport-handshake.ts';
import type { AnyAction, ResponseOf } from '../../protocol/action/define-action.ts';
import { reasonOf } from '../../protocol/error/reason-of.ts';
import {
  ConnectionLostError,
  DeadlineError,
  FrameError,
  HandshakeError,
  TransportError,
  VersionError,
} from '../../protocol/error/transport-error.ts';
import { minVersion, type VersionId } from '../../protocol/wire/version.ts';
import type { Dispatcher } from '../call/dispatcher.ts';
import { boundedName } from '../util/bounded-text.ts';
import { waitUntil } from '../util/deadline-wheel.ts';
import type { Channel } from './channel.ts';
import { PendingCall } from './in-flight.ts';
import { type OwnIdentity, ownNode } from './own-identity.ts';
import { checkPeerVersion, HANDSHAKE_HEADER_VERSION, releaseToldTo, type VersionPolicy } from './version-policy.ts';

/** The identity that a peer told in its transport handshake, as far as it is kept: names of bounded length. */
export interface PeerIdentity {
  /** Null if the peer has none. */
  readonly name: string | null;
  readonly clusterName: string;
  readonly version: VersionId;
}

/** What the initiator of a handshake requires. */
export interface HandshakeOptions {
  readonly versions: VersionPolicy;
  /** Time for both handshakes, in milliseconds. */
  readonly timeoutMs: number;
  /** Gives up when it fires. */
  readonly signal: AbortSignal | null;
  /** Required name of the peer's cluster; null for any. */
  readonly clusterName: string | null;
  /** Version in the header of the first handshake. @default 2.19.0 */
  readonly headerVersion?: VersionId;
}

/**
 * Shakes hands as the initiator, in both handshakes: agrees on the stream version and returns the identity of the peer. Closes the channel if that
 * fails.
 *
 * @throws ERR_HANDSHAKE, ERR_VERSION, ERR_CLUSTER_MISMATCH, ERR_DEADLINE (phase `handshake`), ERR_CANCELLED, ERR_BAD_MARKER as its cause
 * @see wire-format.md §6, §7
 */
export async function shakeHands(channel: Channel, options: HandshakeOptions): Promise<PeerIdentity> {
  const { versions, timeoutMs, signal, clusterName, headerVersion = HANDSHAKE_HEADER_VERSION } = options;
  const stop = waitUntil(
    timeoutMs,
    () => {
      const text = `${channel.label} handshake_timeout[${timeoutMs}ms]: ${handshakeState(channel)}`;
      channel.abort(new DeadlineError('handshake', { delivery: 'not-sent' }, text));
    },
    { isAwaited: false },
  );
  try {
    const { version } = await ask(tcpHandshake, signal, (call) => channel.sendHandshake(call, { version: versions.own }, headerVersion));
    const refused = checkPeerVersion(version, versions, channel.label);
    if (refused !== null) throw refused;
    channel.agree(minVersion(versions.own, version), version);
    const told = await ask(transportHandshake, signal, (call) => channel.send(call, {}));
    if (clusterName !== null && told.clusterName !== clusterName) throw otherCluster(channel, told.clusterName, clusterName);
    const name = told.discoveryNode?.name ?? null;
    return { name: name === null ? null : boundedName(name), clusterName: boundedName(told.clusterName), version: told.version };
  } catch (error) {
    const failure = handshakeFailure(channel, error);
    channel.abort(failure);
    throw failure;
  } finally {
    stop();
  }
}

/** Describes how far an unfinished handshake has come. */
export function handshakeState({ receivedCount }: Channel): string {
  return receivedCount === 0
    ? 'TCP is up and the peer did not answer the handshake; a REST port (9200) never does'
    : 'only the first of two handshakes was answered';
}

function ask<A extends AnyAction>(action: A, signal: AbortSignal | null, send: (call: PendingCall) => void): Promise<ResponseOf<A>> {
  return new Promise<ResponseOf<A>>((resolve, reject) => {
    signal?.throwIfAborted();
    send(new PendingCall(action, Number.POSITIVE_INFINITY, signal, null, resolve, reject));
  });
}

function otherCluster(channel: Channel, told: string, expected: string): HandshakeError {
  const text = `handshake with ${channel.label} failed: remote cluster name [${boundedName(told)}] does not match [${expected}]`;
  return new HandshakeError('ERR_CLUSTER_MISMATCH', {}, text);
}

/** Returns the error of a failed handshake. The reason behind a lost connection counts, not the loss. */
function handshakeFailure(channel: Channel, error: unknown): TransportError {
  if (error instanceof VersionError || error instanceof HandshakeError) return error;
  const cause = error instanceof ConnectionLostError && error.cause instanceof TransportError ? error.cause : error;
  if (cause instanceof DeadlineError) return cause;
  // An unreadable header version ends the channel; for the caller, nothing was sent yet.
  if (cause instanceof VersionError)
    return new VersionError('ERR_VERSION', { cause }, `${channel.label} handshake failed: ${cause.message}`);
  if (cause instanceof TransportError && cause.code === 'ERR_CANCELLED') return cause;
  if (cause instanceof FrameError)
    return new HandshakeError('ERR_HANDSHAKE', { cause }, `${channel.label} handshake failed: ${cause.message}`);
  if (cause instanceof TransportError && (cause.code === 'ERR_TLS' || cause.code === 'ERR_CERT_UNTRUSTED')) return cause;
  const text =
    cause instanceof ConnectionLostError
      ? `${channel.label} handshake failed because connection reset; a node closes the connection without an answer if it expects TLS, refuses our version, or the port is not a transport port`
      : `${channel.label} handshake failed: ${reasonOf(cause)}`;
  return new HandshakeError('ERR_HANDSHAKE', { cause }, text);
}

/** Registers the handlers of both handshakes. Neither admission limits nor interceptors apply to them. @see wire-format.md §6.4, §7 */
export function answerHandshakes(dispatcher: Dispatcher, identity: OwnIdentity): void {
  dispatcher.handleHandshake(tcpHandshake, (_request, { version }) => ({ version: releaseToldTo(version, identity.version) }));
  dispatcher.handleHandshake(transportHandshake, (_request, { local }) => ({
    discoveryNode: ownNode(identity, local),
    clusterName: identity.clusterName,
    version: identity.version,
  }));
}
