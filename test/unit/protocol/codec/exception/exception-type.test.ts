import { describe, expect, test } from 'vitest';
import { exceptionStatus } from '../../../../../src/protocol/codec/exception/exception-status.ts';
import { exceptionType } from '../../../../../src/protocol/codec/exception/exception-type.ts';
import { newException, wrapper } from '../../../../../src/protocol/codec/exception/wrapper.ts';
import { parseVersion } from '../../../../../src/protocol/wire/version.ts';

test.each([
  ['org.opensearch.index.IndexNotFoundException', 'index_not_found_exception'],
  ['org.opensearch.OpenSearchException', 'exception'],
  ['org.opensearch.OpenSearchStatusException', 'status_exception'],
  ['org.opensearch.transport.TcpTransport$HttpRequestOnTransportException', 'http_request_on_transport_exception'],
  ['java.io.IOException', 'i_o_exception'],
  ['java.io.EOFException', 'e_o_f_exception'],
])('%s is %s', (name, type) => expect(exceptionType(newException(name, null))).toBe(type));

test('a wrapper shows the type it carries', () => {
  expect(exceptionType(wrapper('json_parse_exception', 400, {}))).toBe('json_parse_exception');
});

describe('the status', () => {
  const illegal = newException('java.lang.IllegalArgumentException', null);
  const failure = (status: string) => ({ shardTarget: null, reason: '', status, cause: illegal });
  const search = (shardFailures: readonly unknown[], cause: typeof illegal | null = null) =>
    exceptionStatus(newException('', 100, { cause, extra: { phaseName: 'query', shardFailures } }));
  const blocked = (...statuses: readonly string[]) =>
    exceptionStatus(newException('', 49, { extra: { blocks: statuses.map((status) => ({ status })) } }));

  test.each([
    ['an illegal argument', illegal, 400],
    ['a number that is none', newException('java.lang.NumberFormatException', null), 400],
    ['a rejection', newException('org.opensearch.core.concurrency.OpenSearchRejectedExecutionException', null), 429],
    ['a missing file', newException('java.io.FileNotFoundException', null), 500],
    ['a wrapper around an illegal argument', newException('', 103, { cause: newException('', 58, { cause: illegal }) }), 400],
    ['a wrapper around nothing', newException('', 103), 500],
    ['an exception that is no wrapper', newException('', 68, { cause: illegal }), 500],
    ['a missing crypto registry', newException('', 171, { extra: { restStatus: 404 } }), 404],
    ['an unknown id', newException('UnknownException', 300, { cause: illegal }), 500],
  ])('of %s', (_, value, status) => expect(exceptionStatus(value)).toBe(status));

  test('of a search is that of its last failure of the server, else its first, else of the cause', () => {
    expect(search([failure('NOT_FOUND'), failure('BAD_REQUEST')])).toBe(404);
    expect(search([failure('NOT_FOUND'), failure('SERVICE_UNAVAILABLE'), failure('BAD_REQUEST')])).toBe(503);
    expect(search([], illegal)).toBe(400);
    expect(search([])).toBe(503);
  });

  test('of a cluster block is the highest that a retry does not overcome', () => {
    expect(blocked('FORBIDDEN', 'TOO_MANY_REQUESTS')).toBe(403);
    expect(blocked('FORBIDDEN', 'SERVICE_UNAVAILABLE')).toBe(503);
    expect(blocked('TOO_MANY_REQUESTS')).toBe(429);
  });

  test('depends on the release where the releases differ', () => {
    expect(exceptionStatus(newException('', 118), parseVersion('2.19.6'))).toBe(500);
    expect(exceptionStatus(newException('', 118))).toBe(504);
  });
});
