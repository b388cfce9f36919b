import { expect, test } from 'vitest';
import { acceptError, bindError, dialError, lingerError, lossError, systemCode } from '../../../../src/transport/carrier/socket-errors.ts';

const PEER = { host: '::1', port: 9300 };

function system(code: string, text = `system says ${code}`): Error {
  return Object.assign(new Error(text), { code });
}

test.each([
  [
    'ECONNREFUSED',
    'connection refused: no process listens there; check that the node runs and that host and transport port (usually 9300) are right',
  ],
  ['ENOTFOUND', 'unknown host; check the spelling of its name'],
  ['ETIMEDOUT', 'no answer; check the address'],
  ['EHOSTUNREACH', 'host unreachable; check the address'],
  ['EADDRNOTAVAIL', 'address not available'],
  ['EACCES', 'not permitted'],
  ['EWHATEVER', 'system says EWHATEVER'],
])('a dialling that fails with %s says where and what to check', (code, text) => {
  const cause = system(code);
  const error = dialError(cause, PEER);
  expect(error).toMatchObject({ name: 'DialError', code: 'ERR_DIAL', delivery: 'not-sent', cause });
  expect(error.message).toContain(`cannot connect to [::1]:9300: ${text}`);
});

test('the addresses of one name fail as one', () => {
  const all = Object.assign(new AggregateError([system('EWHATEVER'), system('EOTHER')]), { code: 'EWHATEVER' });
  expect(dialError(all, PEER).message).toBe('cannot connect to [::1]:9300: system says EWHATEVER');
});

test.each([
  ['EADDRINUSE', 'ERR_ADDRESS_IN_USE', 'port 9300 is already in use'],
  ['EACCES', 'ERR_DIAL', 'this process may not bind port 9300'],
  ['ENOTFOUND', 'ERR_DIAL', 'unknown host'],
  ['EWHATEVER', 'ERR_DIAL', 'system says EWHATEVER'],
])('a binding that fails with %s is %s', (code, ours, text) => {
  expect(bindError(system(code), PEER)).toMatchObject({ name: 'DialError', code: ours, message: `cannot listen on [::1]:9300: ${text}` });
});

test('an address of another machine is an option to correct', () => {
  expect(bindError(system('EADDRNOTAVAIL'), PEER)).toMatchObject({
    name: 'UsageError',
    code: 'ERR_CONFIG',
    message: 'cannot listen on [::1]:9300: this machine does not have the address ::1',
  });
});

test.each([
  ['ECONNRESET', 'the peer reset it'],
  ['EPIPE', 'the peer closed it while we wrote'],
  ['ETIMEDOUT', 'the peer stopped answering'],
  ['EWHATEVER', 'system says EWHATEVER'],
])('a link that ends with %s tells why', (code, text) => {
  expect(lossError(system(code), PEER)).toMatchObject({
    name: 'ConnectionLostError',
    code: 'ERR_CONNECTION_LOST',
    message: `the connection to [::1]:9300 was lost: ${text}`,
  });
});

test.each([dialError, acceptError])('too many open files are a matter of the machine', (explain) => {
  expect(explain(system('EMFILE'), PEER)).toMatchObject({ name: 'EnvironmentError', code: 'ERR_ENVIRONMENT' });
});

test('a connection that could not be accepted is lost', () => {
  expect(acceptError(system('ECONNABORTED'), PEER)).toMatchObject({ code: 'ERR_CONNECTION_LOST' });
});

test('a close that gave up counts what is lost', () => {
  expect(lingerError(PEER, 42, 500).message).toBe(
    'cannot close the connection to [::1]:9300 in good order: the peer did not read 42 bytes within 500 ms, they are lost',
  );
});

test.each([undefined, null, 'EPIPE', new Error('x'), Object.assign(new Error('x'), { code: 7 })])('%s has no system code', (error) => {
  expect(systemCode(error)).toBe('');
});
