import { UsageError } from '../error/transport-error.ts';
import type { TransportAddress } from './transport-address.ts';

const LOOPBACK = '7f000001';
/** How a socket for both families shows an IPv4 address. */
const MAPPED = /^::ffff:(?=\d+\.\d+\.)/i;
const IPV6_LETTERS = /^[\da-f:.]*:[\da-f:.]*$/i;
const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/**
 * The transport address of a host and port. A host that is a name, or no host of the internet at all, gets the loopback address: the text is
 * what peers show.
 *
 * @throws ERR_USAGE if the port is not an integer from 0 to 65535
 */
export function toTransportAddress({ host, port }: { readonly host: string; readonly port: number }): TransportAddress {
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError('ERR_USAGE', {}, `expected a port from 0 to 65535, got ${String(port)}`);
  const text = host.replace(MAPPED, '');
  return { ip: ipHex(text) ?? LOOPBACK, host: text, port };
}

/** `host:port`, with brackets around an IPv6 address. */
export function addressText({ host, port }: { readonly host: string; readonly port: number }): string {
  const text = host.replace(MAPPED, '');
  return text.includes(':') ? `[${text}]:${port}` : `${text}:${port}`;
}

/** The bytes of an IP address in lower-case hex, undefined for other text. A zone (`%eth0`) is dropped: it is not sent. */
export function ipHex(text: string): string | undefined {
  const parts = IPV4.exec(text)?.slice(1).map(Number);
  if (parts !== undefined) return parts.every((part) => part < 256) ? parts.map((part) => hex(part, 2)).join('') : undefined;
  const address = text.replace(/%.*$/, '');
  return IPV6_LETTERS.test(address) ? ipv6Hex(address) : undefined;
}

function ipv6Hex(text: string): string | undefined {
  // The URL parser knows every way to write an IPv6 address and gives the one of RFC 5952.
  const url = `http://[${text}]/`;
  if (!URL.canParse(url)) return undefined;
  const [before = '', after] = new URL(url).hostname.slice(1, -1).split('::');
  const head = groups(before);
  const tail = groups(after ?? '');
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return [...head, ...zeros, ...tail].map((group) => group.padStart(4, '0')).join('');
}

const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
