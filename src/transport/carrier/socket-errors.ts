import { ConnectionLostError, DialError, EnvironmentError, type TransportError, UsageError } from '../../protocol/error/transport-error.ts';
import { formatEndpoint } from './endpoint.ts';
import type { Endpoint } from './link.ts';

/** Returns the system's code of an error, such as `ECONNREFUSED`; empty if it has none. */
export function systemCode(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}

const CHECK_NODE = 'check that the node runs and that host and transport port (usually 9300) are right';
const CHECK_ROUTE = 'check the address, the network and any firewall between here and there';

/** Reasons and remedies by the system's code. */
const DIAL_FAULTS: Readonly<Record<string, string>> = {
  ECONNREFUSED: `connection refused: no process listens there; ${CHECK_NODE}`,
  ECONNRESET: `the peer ended the connection at once; ${CHECK_NODE}`,
  ETIMEDOUT: `no answer; ${CHECK_ROUTE}`,
  EHOSTUNREACH: `host unreachable; ${CHECK_ROUTE}`,
  ENETUNREACH: `network unreachable; ${CHECK_ROUTE}`,
  ENOTFOUND: 'unknown host; check the spelling of its name',
  EAI_AGAIN: 'the name server did not answer; check it, or try again',
  EADDRNOTAVAIL: 'address not available; check that it is an address of a machine that can be reached from here',
  EACCES: 'not permitted; check the firewall and the rights of this process',
  EPERM: 'not permitted; check the firewall and the rights of this process',
};

/** Returns why an endpoint could not be dialled. */
export function dialError(error: Error, endpoint: Endpoint): TransportError {
  const code = systemCode(error);
  if (isOutOfFiles(code)) return outOfFiles(error);
  return new DialError(
    'ERR_DIAL',
    { cause: error },
    `cannot connect to ${formatEndpoint(endpoint)}: ${DIAL_FAULTS[code] ?? textOf(error)}`,
  );
}

/** Returns why an address could not be bound. */
export function bindError(error: Error, endpoint: Endpoint): TransportError {
  const where = formatEndpoint(endpoint);
  switch (systemCode(error)) {
    case 'EADDRINUSE':
      return new DialError('ERR_ADDRESS_IN_USE', { cause: error }, `cannot listen on ${where}: port ${endpoint.port} is already in use`);
    case 'EADDRNOTAVAIL':
      return new UsageError(
        'ERR_CONFIG',
        { cause: error },
        `cannot listen on ${where}: this machine does not have the address ${endpoint.host}`,
      );
    case 'EACCES':
      return new DialError('ERR_DIAL', { cause: error }, `cannot listen on ${where}: this process may not bind port ${endpoint.port}`);
    case 'ENOTFOUND':
      return new DialError('ERR_DIAL', { cause: error }, `cannot listen on ${where}: unknown host`);
    default:
      return new DialError('ERR_DIAL', { cause: error }, `cannot listen on ${where}: ${textOf(error)}`);
  }
}

/** Returns why a connection to us could not be accepted. */
export function acceptError(error: Error, endpoint: Endpoint): TransportError {
  if (isOutOfFiles(systemCode(error))) return outOfFiles(error);
  return new ConnectionLostError(
    'ERR_CONNECTION_LOST',
    { cause: error },
    `a connection to ${formatEndpoint(endpoint)} was lost: ${textOf(error)}`,
  );
}

const LOSSES: Readonly<Record<string, string>> = {
  ECONNRESET: 'the peer reset it',
  EPIPE: 'the peer closed it while we wrote',
  ETIMEDOUT: 'the peer stopped answering',
  EHOSTUNREACH: 'the peer became unreachable',
  ENETUNREACH: 'the peer became unreachable',
};

/** Returns why a live link ended. */
export function lossError(error: Error, remote: Endpoint): TransportError {
  const loss = LOSSES[systemCode(error)] ?? textOf(error);
  return new ConnectionLostError('ERR_CONNECTION_LOST', { cause: error }, `the connection to ${formatEndpoint(remote)} was lost: ${loss}`);
}

/** Returns the error of a graceful close that gave up. */
export function lingerError(remote: Endpoint, lostBytes: number, lingerMs: number): TransportError {
  const text = `cannot close the connection to ${formatEndpoint(remote)} in good order: the peer did not read ${lostBytes} bytes within ${lingerMs} ms, they are lost`;
  return new ConnectionLostError('ERR_CONNECTION_LOST', {}, text);
}

function isOutOfFiles(code: string): boolean {
  return code === 'EMFILE' || code === 'ENFILE';
}

function outOfFiles(error: Error): TransportError {
  return new EnvironmentError(
    'ERR_ENVIRONMENT',
    { cause: error },
    'cannot open a connection: too many files are open; raise the limit (ulimit -n)',
  );
}

/** An AggregateError, which stands for the addresses of one name, has no text of its own. */
function textOf(error: Error): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  return first instanceof Error ? first.message : error.message;
}
