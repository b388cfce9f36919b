import { describe, expect, test } from 'vitest';
import { FrameError } from '../../../../../src/protocol/error/transport-error.ts';
import { NativeDecoder } from '../../../../../src/protocol/frame/native/decoder.ts';
import { foreignMarker, isHttpRequest, NOT_AN_HTTP_PORT } from '../../../../../src/protocol/frame/native/foreign-marker.ts';

const HTTP_RESPONSE =
  'received HTTP response on transport port, ensure that transport port (not HTTP port) of a remote node is specified in the configuration';
const ALIEN = 'invalid internal transport message format, got';

/** wire-format.md §1.4, row by row. */
const rows: readonly (readonly [string, Buffer, string])[] = [
  ...['GET / ', 'POST /', 'PUT / ', 'HEAD /', 'DELETE /', 'OPTIONS *', 'PATCH ', 'TRACE ', 'GETTER'].map(
    (line) => [line, Buffer.from(line), NOT_AN_HTTP_PORT] as const,
  ),
  ['HTTP response', Buffer.from('HTTP/1.1 200 OK'), HTTP_RESPONSE],
  ['TLS hello', Buffer.from('160301020001', 'hex'), 'SSL/TLS request received but SSL/TLS is not enabled on this node, got (16,3,1,2)'],
  ['TLS alert', Buffer.from('15030300020228', 'hex'), 'TLS alert received: the peer expects TLS on this port, got (15,3,3,0)'],
  ['lower case', Buffer.from('get / '), `${ALIEN} (67,65,74,20)`],
  ['no such method', Buffer.from('CONNECT'), `${ALIEN} (43,4f,4e,4e)`],
  ['HTTP/2 preface', Buffer.from('PRI * HTTP/2.0'), `${ALIEN} (50,52,49,20)`],
  ['half a marker', Buffer.from('454301010101', 'hex'), `${ALIEN} (45,43,1,1)`],
  ['zeros', Buffer.alloc(6), `${ALIEN} (0,0,0,0)`],
  ['not quite TLS', Buffer.from('160201020001', 'hex'), `${ALIEN} (16,2,1,2)`],
];

describe.each(rows)('%s', (_name, head, text) => {
  test('is refused in the words of a node', () => {
    const error = foreignMarker(head, 7);
    expect(error).toBeInstanceOf(FrameError);
    expect(error).toMatchObject({ code: 'ERR_BAD_MARKER', scope: 'channel', fault: 'protocol', offset: 7, message: text });
    expect(isHttpRequest(head)).toBe(text === NOT_AN_HTTP_PORT);
  });

  test.each([1, 2, 5, 6, 100])('is found with %i bytes a chunk, at the sixth byte', (chunk) => {
    const decoder = new NativeDecoder();
    let fed = 0;
    let thrown: unknown;
    while (fed < head.length && thrown === undefined) {
      decoder.push(head.subarray(fed, fed + chunk));
      fed += chunk;
      try {
        decoder.next();
      } catch (error) {
        thrown = error;
      }
      expect(thrown === undefined).toBe(fed < 6);
    }
    expect(thrown).toMatchObject({ code: 'ERR_BAD_MARKER', message: text, offset: 0 });
  });
});
