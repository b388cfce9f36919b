import { isHttpRequest } from '../../protocol/frame/native/foreign-marker.ts';

/** What bytes are that are no transport frames, as far as they show it. */
export function guessProtocol(bytes: Buffer): string | null {
  if (isHttpRequest(bytes)) return 'HTTP requests: this is the HTTP port of a node, or a client that mistook its transport port for it';
  if (bytes.toString('latin1', 0, 5) === 'HTTP/') return 'HTTP responses: this is an HTTP port, transport is usually on 9300';
  const [type = 0, major = 0, minor = 0] = bytes;
  if (type >= 0x14 && type <= 0x17 && major === 3 && minor <= 4)
    return 'TLS: the transport is encrypted, and only plain bytes can be decoded';
  if (bytes.toString('latin1', 0, 4) === 'SSH-') return 'SSH';
  return null;
}
