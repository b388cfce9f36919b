import { isIPv4, isIPv6 } from 'node:net';
import { UsageError } from '../../protocol/error/transport-error.ts';
import type { Endpoint } from './link.ts';

/** The transport port of an OpenSearch node unless configured otherwise. */
export const DEFAULT_TRANSPORT_PORT = 9300;

/** Longest name the domain name system allows, in characters. */
const MAX_HOST_CHARS = 253;
const MAX_PORT = 65_535;

/** Options of {@link parseEndpoint}. */
export interface ParseEndpointOptions {
  /** Port of an endpoint written without one, usually {@link DEFAULT_TRANSPORT_PORT}. @default none: a missing port is an error */
  readonly defaultPort?: number;
}

/**
 * Parses `host:port`, `1.2.3.4:9300` or `[::1]:9300`.
 *
 * @throws ERR_BAD_ENDPOINT naming the text and what is wrong with it
 */
export function parseEndpoint(text: string, options: ParseEndpointOptions = {}): Endpoint {
  if (text.includes('://')) throw bad(text, 'write host:port without a scheme');
  const [, bracketed, bare, colonPort] = /^(?:\[([^\]]*)\]|([^:[\]]*))(:[^:]*)?$/.exec(text) ?? [];
  const host = bracketed ?? bare;
  if (host === undefined) throw bad(text, shapeFault(text));
  const fault = bracketed === undefined ? nameFault(host) : addressFault(bracketed);
  if (fault !== undefined) throw bad(text, fault);
  return { host, port: colonPort === undefined ? missingPort(text, options) : toPort(text, colonPort.slice(1)) };
}

/** Formats an endpoint as `host:port`, with IPv6 addresses in brackets. */
export function formatEndpoint({ host, port }: Endpoint): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Returns whether a number can be a port; 0 stands for any free one. */
export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 0 && port <= MAX_PORT;
}

function bad(text: string, fault: string): UsageError {
  const shown = text.length > MAX_HOST_CHARS ? `${text.slice(0, MAX_HOST_CHARS)}…` : text;
  return new UsageError('ERR_BAD_ENDPOINT', {}, `expected an endpoint such as 127.0.0.1:9300, got ${JSON.stringify(shown)}: ${fault}`);
}

function shapeFault(text: string): string {
  if (/:.*:/s.test(text)) return 'write IPv6 addresses in brackets, as in [::1]:9300';
  return 'write host:port or [ipv6]:port';
}

function addressFault(host: string): string | undefined {
  return isIPv6(host) ? undefined : 'the text in brackets is not an IPv6 address';
}

function nameFault(host: string): string | undefined {
  if (host === '') return 'the host is missing';
  if (host.length > MAX_HOST_CHARS) return `the host is longer than ${MAX_HOST_CHARS} characters`;
  if (/[\s\p{Cc}/\\@?#%,]/u.test(host)) return 'the host has a character that is not allowed in names and addresses';
  if (/^[\d.]+$/.test(host) && !isIPv4(host)) return 'the host is not an IPv4 address';
  return undefined;
}

function missingPort(text: string, { defaultPort }: ParseEndpointOptions): number {
  if (defaultPort === undefined) throw bad(text, 'the port is missing');
  if (!isPort(defaultPort)) throw bad(text, `defaultPort must be an integer from 0 to ${MAX_PORT}, got ${defaultPort}`);
  return defaultPort;
}

function toPort(text: string, digits: string): number {
  if (digits === '') throw bad(text, 'the port is missing after the colon');
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : Number.NaN;
  if (!isPort(port)) throw bad(text, `the port must be an integer from 0 to ${MAX_PORT}`);
  return port;
}
