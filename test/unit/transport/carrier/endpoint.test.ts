import { expect, test } from 'vitest';
import { UsageError } from '../../../../src/protocol/error/transport-error.ts';
import { DEFAULT_TRANSPORT_PORT, formatEndpoint, parseEndpoint } from '../../../../src/transport/carrier/endpoint.ts';

test.each([
  ['127.0.0.1:9300', '127.0.0.1', 9300],
  ['[::1]:9300', '::1', 9300],
  ['[fe80::1%eth0]:1', 'fe80::1%eth0', 1],
  ['localhost:0', 'localhost', 0],
  ['node-1.example.org:65535', 'node-1.example.org', 65_535],
  ['bücher.example:9300', 'bücher.example', 9300],
])('%s is read and written back', (text, host, port) => {
  expect(parseEndpoint(text)).toEqual({ host, port });
  expect(formatEndpoint({ host, port })).toBe(text);
});

test.each([
  ['localhost', 'localhost'],
  ['10.0.0.1', '10.0.0.1'],
  ['[::1]', '::1'],
])('%s takes the default port, but only where there is one', (text, host) => {
  expect(parseEndpoint(text, { defaultPort: DEFAULT_TRANSPORT_PORT })).toEqual({ host, port: 9300 });
  expect(() => parseEndpoint(text)).toThrow(
    `expected an endpoint such as 127.0.0.1:9300, got ${JSON.stringify(text)}: the port is missing`,
  );
});

test.each([
  ['', 'the host is missing'],
  [':9300', 'the host is missing'],
  ['host:', 'the port is missing after the colon'],
  ['host:65536', 'the port must be an integer from 0 to 65535'],
  ['host:-1', 'the port must be an integer from 0 to 65535'],
  ['host:9300x', 'the port must be an integer from 0 to 65535'],
  ['host:1e3', 'the port must be an integer from 0 to 65535'],
  ['host: 9300', 'the port must be an integer from 0 to 65535'],
  ['host:000009300', 'the port must be an integer from 0 to 65535'],
  ['::1', 'write IPv6 addresses in brackets'],
  ['::1:9300', 'write IPv6 addresses in brackets'],
  ['[::1', 'write IPv6 addresses in brackets'],
  ['[host]:9300', 'the text in brackets is not an IPv6 address'],
  ['[]:9300', 'the text in brackets is not an IPv6 address'],
  ['[::1]9300', 'write IPv6 addresses in brackets'],
  ['http://host:9200', 'write host:port without a scheme'],
  ['http://host', 'write host:port without a scheme'],
  ['host/path:9300', 'the host has a character that is not allowed in names and addresses'],
  ['user@host:9300', 'the host has a character that is not allowed in names and addresses'],
  ['a b:9300', 'the host has a character that is not allowed in names and addresses'],
  ['a\nb:9300', 'the host has a character that is not allowed in names and addresses'],
  ['a,b:9300', 'the host has a character that is not allowed in names and addresses'],
  ['300.1.1.1:9300', 'the host is not an IPv4 address'],
  ['1.2.3:9300', 'the host is not an IPv4 address'],
  [`${'x'.repeat(254)}:1`, 'the host is longer than 253 characters'],
])('%j is refused with a reason', (text, fault) => {
  expect(() => parseEndpoint(text, { defaultPort: 9300 })).toThrow(UsageError);
  expect(() => parseEndpoint(text, { defaultPort: 9300 })).toThrow(expect.objectContaining({ code: 'ERR_BAD_ENDPOINT' }));
  expect(() => parseEndpoint(text, { defaultPort: 9300 })).toThrow(fault);
});

test('a default port that is none is refused', () => {
  expect(() => parseEndpoint('host', { defaultPort: 70_000 })).toThrow('defaultPort must be an integer from 0 to 65535, got 70000');
});

test('a very long text is not repeated whole', () => {
  try {
    parseEndpoint('y'.repeat(100_000));
    expect.unreachable();
  } catch (error) {
    expect(String(error).length).toBeLessThan(500);
  }
});
