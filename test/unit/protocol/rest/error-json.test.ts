import { describe, expect, test } from 'vitest';
import { exception } from '../../../../src/protocol/codec/exception/exception.ts';
import type { ExceptionInit } from '../../../../src/protocol/codec/exception/exception-value.ts';
import { toRemoteCause } from '../../../../src/protocol/codec/exception/remote-cause.ts';
import { decode, encode } from '../../../../src/protocol/codec/codec.ts';
import { RemoteError } from '../../../../src/protocol/error/remote-error.ts';
import { StatusError } from '../../../../src/protocol/error/status-error.ts';
import { causeResponse, errorResponse } from '../../../../src/protocol/rest/error-json.ts';
import { parseVersion } from '../../../../src/protocol/wire/version.ts';
import { messageOf } from '../../../support/frames.ts';
import { parsed } from '../../../support/rest.ts';
import { type CapturedFrame, type CapturedHttp, capture, releases } from '../../../vectors/load.ts';

/** An exception as it comes off a stream, as JSON. */
function printed(init: ExceptionInit): unknown {
  const value = decode(exception, encode(exception, init));
  return value === null ? null : parsed(causeResponse(toRemoteCause(value)).body);
}

describe('what a node printed for an exception that an extension had sent', () => {
  const exchanges = releases.flatMap((release) => {
    const { frames } = capture(release, 'ext-rest-answers');
    return frames.flatMap((item, i) => {
      const before = frames[i - 1] as CapturedFrame | undefined;
      const isError = 'request' in item && before?.dir === 'extension->node' && before.decoded['error'] !== undefined;
      return isError ? [{ release, http: item as CapturedHttp, frame: before as CapturedFrame }] : [];
    });
  });
  const known = exchanges.filter(({ http }) => !String(http.request['path']).endsWith('/unknownid'));

  test('there are some', () => expect(known).toHaveLength(12));

  test.each(known.map((each) => ({ ...each, path: String(each.http.request['path']) })))(
    '$path at $release',
    ({ release, http, frame }) => {
      const body = messageOf(frame.bytes)?.body as Buffer;
      const value = decode(exception, body, { version: parseVersion('2.19.0') });
      const cause = toRemoteCause(value as NonNullable<typeof value>, parseVersion(release));
      const { status, body: json } = causeResponse(cause);
      expect({ status, body: parsed(json) }).toEqual({
        status: http.response?.['status'],
        body: JSON.parse(String(http.response?.['body'])),
      });
      expect(parsed(errorResponse(new RemoteError(cause)).body)).toEqual(parsed(json));
    },
  );
});

describe('error JSON', () => {
  test('a missing index', () => {
    const missing = {
      type: 'index_not_found_exception',
      reason: 'no such index [x]',
      index: 'x',
      'resource.id': 'x',
      'resource.type': 'index_or_alias',
      index_uuid: '_na_',
    };
    const init: ExceptionInit = {
      class: 'org.opensearch.index.IndexNotFoundException',
      message: 'no such index [x]',
      metadata: {
        'opensearch.index': ['x'],
        'opensearch.resource.id': ['x'],
        'opensearch.resource.type': ['index_or_alias'],
        'opensearch.index_uuid': ['_na_'],
      },
    };
    expect(printed(init)).toEqual({ error: { root_cause: [missing], ...missing }, status: 404 });
  });

  test('wrappers are not shown, causes are, the root cause is the last of OpenSearch itself', () => {
    const init: ExceptionInit = {
      class: 'org.opensearch.transport.RemoteTransportException',
      message: '[n][127.0.0.1:9300][a]',
      extra: { address: null, action: null },
      cause: {
        class: 'org.opensearch.index.mapper.MapperParsingException',
        message: 'failed to parse',
        cause: {
          class: 'org.opensearch.index.mapper.MapperException',
          message: 'inner',
          cause: { class: 'java.lang.IllegalStateException', message: 'deep' },
        },
      },
    };
    expect(printed(init)).toEqual({
      error: {
        root_cause: [{ type: 'mapper_exception', reason: 'inner' }],
        type: 'mapper_parsing_exception',
        reason: 'failed to parse',
        caused_by: { type: 'mapper_exception', reason: 'inner', caused_by: { type: 'illegal_state_exception', reason: 'deep' } },
      },
      status: 400,
    });
  });

  test('what classes add, headers and suppressed exceptions', () => {
    const init: ExceptionInit = {
      class: 'org.opensearch.core.common.breaker.CircuitBreakingException',
      message: 'too much',
      headers: { 'Retry-After': ['1'], Many: ['a', 'b'] },
      extra: { byteLimit: 10, bytesWanted: 2n ** 60n, durability: 'TRANSIENT' },
      suppressed: [{ class: 'java.io.IOException', message: null }],
    };
    expect(printed(init)).toMatchObject({
      error: {
        type: 'circuit_breaking_exception',
        bytes_wanted: Number(2n ** 60n),
        bytes_limit: 10,
        durability: 'TRANSIENT',
        header: { 'Retry-After': '1', Many: ['a', 'b'] },
        suppressed: [{ type: 'i_o_exception', reason: null }],
      },
      status: 429,
    });
  });

  test('a position that is not known is left out', () => {
    const at = (lineNumber: number): ExceptionInit => ({
      class: 'org.opensearch.core.common.ParsingException',
      message: 'm',
      extra: { lineNumber, columnNumber: 4 },
    });
    expect(printed(at(3))).toMatchObject({ error: { type: 'parsing_exception', line: 3, col: 4 } });
    expect((printed(at(-1)) as { error: object }).error).not.toHaveProperty('line');
  });

  test('our own refusals print like those of a node, anything else is an internal error', () => {
    expect(parsed(errorResponse(new StatusError(404, 'note_not_found_exception', 'no note')).body)).toEqual({
      error: {
        root_cause: [{ type: 'note_not_found_exception', reason: 'no note' }],
        type: 'note_not_found_exception',
        reason: 'no note',
      },
      status: 404,
    });
    expect(errorResponse(new TypeError('x'))).toMatchObject({ status: 500, body: { error: { type: 'type_error', reason: 'x' } } });
  });
});
