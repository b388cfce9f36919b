import type { PeerCertificate, TLSSocket } from 'node:tls';
import { ConnectionLostError, HandshakeError, type TransportError } from '../../protocol/error/transport-error.ts';
import { clientCertificateRefused } from './client-certificate.ts';
import { formatEndpoint } from './endpoint.ts';
import type { Endpoint } from './link.ts';
import { dialError, lossError, systemCode } from './socket-errors.ts';

/** Codes of OpenSSL for bytes that are not TLS. */
const NOT_TLS =
  /^ERR_SSL_(?:WRONG_VERSION_NUMBER|HTTP_REQUEST|HTTPS_PROXY_REQUEST|PACKET_LENGTH_TOO_LONG|RECORD_LAYER_FAILURE|BAD_RECORD_TYPE)$/;

/** An alert that the peer sent about our certificate, or about its absence. */
const CERTIFICATE_ALERT =
  /ALERT_(?:BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_\w+|UNKNOWN_CA|ACCESS_DENIED)$|ALERT_NO_CERTIFICATE/;

/** Longest text of a peer that is shown; it is shown on one line. */
const MAX_SHOWN_CHARS = 200;

/** The progress of a dialling. */
export interface DialProgress {
  /** The peer accepted the connection, so TLS is what failed. */
  reached: boolean;
  /** The certificate of the peer, once it showed it. */
  certificate: PeerCertificate | null;
  /** The peer asked for a client certificate. */
  isAsked: boolean;
  /** Describes the certificate it was shown; null if there was none to show. */
  shown: string | null;
}

/** Returns why a TLS endpoint could not be dialled. */
export function tlsDialError(error: Error, endpoint: Endpoint, socket: TLSSocket, progress: DialProgress): TransportError {
  if (!progress.reached) return dialError(error, endpoint);
  if (socket.authorizationError) return untrusted(error, endpoint, progress.certificate);
  const peer = formatEndpoint(endpoint);
  const code = systemCode(error);
  if (progress.isAsked && isHangUp(code)) return clientCertificateRefused(peer, progress.shown, null, error);
  // TLS 1.2 says no more than "handshake failure" to a client without a certificate.
  const isAlert = CERTIFICATE_ALERT.test(code) || code.endsWith('ALERT_HANDSHAKE_FAILURE');
  if (progress.isAsked && isAlert) return clientCertificateRefused(peer, progress.shown, reasonOf(error), error);
  return handshakeError(error, peer, 'dialled');
}

/** Describes a certificate by subject and issuer; null for none. */
export function describeCertificate(certificate: PeerCertificate | object | null): string | null {
  if (certificate === null || !('subject' in certificate)) return null;
  return `"${nameOf(certificate.subject)}" issued by ${issuerOf(certificate)}`;
}

/** Returns why a connection to our TLS port did not become a link. */
export function tlsAcceptError(error: Error, remote: Endpoint, socket: TLSSocket): TransportError {
  const peer = formatEndpoint(remote);
  if (systemCode(error) === 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE') {
    return new HandshakeError(
      'ERR_CERT_UNTRUSTED',
      { cause: error },
      `the peer at ${peer} showed no certificate, and this port demands one`,
    );
  }
  // The platform types it as an Error; it is a code.
  const refusal: unknown = socket.authorizationError;
  if (typeof refusal === 'string') {
    return new HandshakeError(
      'ERR_CERT_UNTRUSTED',
      { cause: error },
      `the peer at ${peer} showed a certificate that is not trusted (${refusal})`,
    );
  }
  return handshakeError(error, peer, 'accepted');
}

/** Returns why a connection whose TLS handshake takes too long is ended. */
export function tlsHandshakeTimedOut(remote: Endpoint, cause?: Error): TransportError {
  return new HandshakeError('ERR_TLS', { cause }, `the peer at ${formatEndpoint(remote)} did not finish its TLS handshake in time`);
}

/** Returns why a live TLS link ended. @param shown as {@link Link.shownCertificate} */
export function tlsLossError(error: Error, remote: Endpoint, isSilent: boolean, shown?: string | null): TransportError {
  const peer = formatEndpoint(remote);
  const code = systemCode(error);
  if (shown !== undefined && CERTIFICATE_ALERT.test(code)) return clientCertificateRefused(peer, shown, reasonOf(error), error);
  if (CERTIFICATE_ALERT.test(code)) return refusedOurs(error, peer);
  if (code.startsWith('ERR_SSL_'))
    return new HandshakeError('ERR_TLS', { cause: error, delivery: 'maybe-sent' }, `TLS with ${peer} broke: ${reasonOf(error)}`);
  const loss = lossError(error, remote);
  // In TLS 1.3 a client is done before the server has judged its certificate; many servers then just hang up.
  return isSilent
    ? new ConnectionLostError(
        'ERR_CONNECTION_LOST',
        { cause: error },
        `${loss.message} before it sent anything; it may demand another client certificate`,
      )
    : loss;
}

function handshakeError(error: Error, peer: string, way: 'dialled' | 'accepted'): TransportError {
  const code = systemCode(error);
  if (NOT_TLS.test(code)) return new HandshakeError('ERR_TLS', { cause: error }, plainText(code, peer, way));
  if (CERTIFICATE_ALERT.test(code)) return refusedOurs(error, peer);
  if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT')
    return new HandshakeError('ERR_TLS', { cause: error }, `the peer at ${peer} did not finish its TLS handshake in time`);
  if (isHangUp(code)) return new HandshakeError('ERR_TLS', { cause: error }, hungUpText(peer, way));
  return new HandshakeError('ERR_TLS', { cause: error }, `the TLS handshake with ${peer} failed: ${reasonOf(error)}`);
}

/** Whether the peer just closed the connection. */
function isHangUp(code: string): boolean {
  return code === 'ECONNRESET' || code === 'EPIPE' || code === '';
}

function plainText(code: string, peer: string, way: 'dialled' | 'accepted'): string {
  if (way === 'dialled') return `${peer} answered without TLS`;
  const sent =
    code === 'ERR_SSL_HTTP_REQUEST' || code === 'ERR_SSL_HTTPS_PROXY_REQUEST'
      ? 'a plain HTTP request'
      : 'plain bytes, such as a transport frame';
  return `the peer at ${peer} does not speak TLS: it sent ${sent}`;
}

function hungUpText(peer: string, way: 'dialled' | 'accepted'): string {
  const hint = way === 'dialled' ? 'a node without TLS does that' : 'it may not trust our certificate';
  return `${peer} ended the connection during the TLS handshake; ${hint}`;
}

function refusedOurs(error: Error, peer: string): TransportError {
  return new HandshakeError('ERR_CERT_UNTRUSTED', { cause: error }, `${peer} refused our certificate, or demands one: ${reasonOf(error)}`);
}

function untrusted(error: Error, endpoint: Endpoint, certificate: PeerCertificate | null): TransportError {
  return new HandshakeError(
    'ERR_CERT_UNTRUSTED',
    { cause: error },
    `the certificate of ${formatEndpoint(endpoint)} ${certificateFault(error, certificate)}`,
  );
}

function certificateFault(error: Error, certificate: PeerCertificate | null): string {
  switch (systemCode(error)) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `is not for ${expectedName(error)}: it names ${namesOf(certificate)}`;
    case 'CERT_HAS_EXPIRED':
      return `has expired${certificate ? ` on ${shown(certificate.valid_to)}` : ''}`;
    case 'CERT_NOT_YET_VALID':
      return `is not valid${certificate ? ` before ${shown(certificate.valid_from)}` : ' yet'}`;
    case '':
      return `was refused: ${shown(error.message)}`;
    default:
      return `was issued by ${issuerOf(certificate)}, which is not among the trusted authorities (${systemCode(error)})`;
  }
}

function expectedName(error: Error): string {
  return 'host' in error ? shown(String(error.host)) : 'the name that was dialled';
}

function namesOf(certificate: PeerCertificate | null): string {
  if (certificate?.subjectaltname) return shown(certificate.subjectaltname);
  return certificate?.subject?.CN ? shown(String(certificate.subject.CN)) : 'no host';
}

function issuerOf(certificate: PeerCertificate | null): string {
  const name = nameOf(certificate?.issuer);
  return name === '' ? 'an unknown authority' : `"${name}"`;
}

function nameOf(name: object | undefined): string {
  return shown(
    Object.entries(name ?? {})
      .map(([key, value]) => `${key}=${String(value)}`)
      .join(', '),
  );
}

/** Returns the reason that OpenSSL gives, without the place in its source. */
function reasonOf(error: Error): string {
  return 'reason' in error && typeof error.reason === 'string' ? error.reason : shown(error.message);
}

function shown(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ').slice(0, MAX_SHOWN_CHARS);
}
