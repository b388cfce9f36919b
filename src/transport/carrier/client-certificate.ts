import { HandshakeError } from '../../protocol/error/transport-error.ts';

/**
 * Returns the error for a server that asked for a client certificate and then refused the connection: with an alert of TLS, or (as Node.js does) by
 * closing it before it sent anything.
 *
 * @param shown describes the certificate it was shown; null for none
 * @param alert what the alert says; null if there was none
 */
export function clientCertificateRefused(peer: string, shown: string | null, alert: string | null, cause: unknown): HandshakeError {
  const reason = alert === null ? '' : ` (${alert})`;
  return new HandshakeError('ERR_CERT_UNTRUSTED', { cause }, `${peer} ${refusal(shown, alert)}${reason}`);
}

function refusal(shown: string | null, alert: string | null): string {
  if (shown === null) return 'demands a client certificate: pass the options cert and key';
  if (alert !== null) return `refused our client certificate ${shown}`;
  return `asked for a client certificate and closed the connection when it was shown ${shown}: it most likely does not trust its issuer`;
}
