import type { ParityCase } from '../devnode-parity-cases.ts';
import { PARITY_PREFIX as AT } from './parity-extension.ts';

const asks = (...all: readonly string[]): ParityCase[] => all.map((ask) => ({ ask: ask.replace(' /', ` ${AT}/`) }));

const posts = (path: string, type: string, body: string): ParityCase => ({
  ask: `POST ${AT}${path}`,
  headers: { 'Content-Type': type },
  body,
});

/** Requests for the routes of the extension. */
export const EXTENSION_CASES: readonly ParityCase[] = [
  // Methods and routes.
  ...asks('POST /method', 'PUT /method', 'DELETE /method', 'PATCH /method', 'OPTIONS /method', 'HEAD /method', 'TRACE /method'),
  ...asks('GET /method', 'GET /hello', 'HEAD /hello', 'POST /hello', 'OPTIONS /hello', 'TRACE /hello', 'GET /nope', 'DELETE /nope/a/b'),
  ...asks('GET /old', 'GET /greeting', 'GET /hello/', 'GET //hello', 'GET /HELLO'),
  // Path and query parameters.
  ...asks('GET /hello/Ada', 'GET /hello/A%20b', 'GET /hello/a+b', 'GET /hello/a%2Fb', 'GET /hello/%C3%A9', 'GET /hello/a%2Bb'),
  ...asks(
    'GET /hello/Ada/',
    'GET /hello/Ada?name=Bob',
    'GET /hello/Ada?a=1&a=2',
    'GET /hello/Ada?a',
    'GET /hello/Ada?a=',
    'GET /hello/a;b',
  ),
  ...asks('GET /hello/Ada?a=b+c', 'GET /hello/Ada?a=b%20c', 'GET /hello/Ada?a=%C3%A9', 'GET /hello/Ada?a=%zz', 'GET /hello/%zz'),
  ...asks('GET /hello?bogus', 'GET /lax?bogus=1', 'GET /strict?bogus=1', 'GET /strict?bogus&other', 'GET /strict?pretty'),
  // Forms of answers.
  ...asks('GET /hello/Ada?pretty', 'GET /hello/Ada?human', 'GET /hello/Ada?error_trace', 'GET /hello/Ada?filter_path=params'),
  ...asks('GET /hello/Ada?format=yaml', 'GET /hello/Ada?format=cbor', 'GET /nope?pretty', 'GET /thrown/status?pretty'),
  // Bodies.
  posts('/echo', 'application/json', '{"a":1}'),
  posts('/echo', 'application/json; charset=utf-8', '{"a":"é"}'),
  posts('/echo', 'application/x-ndjson', '{"a":1}\n{"b":2}\n'),
  posts('/echo', 'application/yaml', 'a: 1\n'),
  posts('/size', 'application/cbor', 'abc'),
  posts('/size', 'application/smile', 'abc'),
  posts('/echo', 'application/vnd.opensearch+json', '{}'),
  posts('/echo', 'text/plain', 'x'),
  posts('/echo', 'application/xml', '<a/>'),
  posts('/echo', '', '{}'),
  posts('/echo', 'bogus', '{}'),
  { ask: `POST ${AT}/echo`, body: '{}' },
  { ask: `POST ${AT}/echo` },
  posts('/json', 'application/json', '{"a":[1,2.5,"x",null]}'),
  posts('/json', 'application/json', '{"a":'),
  posts('/json', 'application/yaml', 'a: [1, b]\n'),
  posts('/size', 'application/json', JSON.stringify('x'.repeat(5_000_000))),
  ...asks('GET /big'),
  // Failures.
  ...asks('GET /thrown/status', 'GET /thrown/range', 'GET /thrown/type', 'GET /never'),
  // Statuses.
  ...[100, 101, 200, 201, 202, 203, 204, 205, 206, 207, 300, 301, 302, 303, 304, 305, 307, 308].flatMap((code) =>
    asks(`GET /status/${code}`),
  ),
  ...[400, 401, 403, 404, 405, 406, 409, 410, 413, 415, 418, 422, 429, 500, 501, 502, 503, 504, 505, 507].flatMap((code) =>
    asks(`GET /status/${code}`),
  ),
  // Headers.
  ...asks('GET /headers', 'GET /broken-header'),
  { ask: `GET ${AT}/hello/Ada`, headers: { 'X-Opaque-Id': 'abc' } },
  { ask: `GET ${AT}/hello/Ada`, headers: { Accept: 'application/yaml' } },
  { ask: `GET ${AT}/hello`, headers: { 'Accept-Encoding': 'gzip' } },
  // Settings: a bound and a pattern that the node knows, and their way back.
  setsTo('custom.parity.count', 11),
  setsTo('custom.parity.count', 7),
  setsTo('custom.parity.greeting', 'a b'),
  setsTo('custom.parity.count', null),
];

function setsTo(key: string, value: unknown): ParityCase {
  return {
    ask: 'PUT /_cluster/settings',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ persistent: { [key]: value } }),
  };
}
