import { expect, test } from 'vitest';
import { countsFrom } from '../../../bench/nodes/load-generator.ts';

// Reports as the programs of Debian 12 print them.
const WRK = `Running 1s test @ http://127.0.0.1:9200/
  1 threads and 16 connections
  Latency Distribution
     50%  512.00us
     75%    1.10ms
     90%    2.05ms
     99%    3.50ms
  2767 requests in 1.00s, 1.06MB read
Requests/sec:   2767.12
Transfer/sec:      1.06MB
`;
const HEY = `
Summary:
  Total:	1.0021 secs
  Requests/sec:	2767.1200

Latency distribution:
  50% in 0.0005 secs
  99% in 0.0035 secs

Status code distribution:
  [200]	2767 responses
`;
const AB = `Concurrency Level:      16
Complete requests:      2767
Failed requests:        0
Requests per second:    2767.12 [#/sec] (mean)
Percentage of the requests served within a certain time (ms)
  50%      1
  99%      4
 100%      9 (longest request)
`;

test.each([
  ['wrk', WRK, 512, 3500],
  ['hey', HEY, 500, 3500],
  ['ab', AB, 1000, 4000],
])('the report of %s', (name, report, p50, p99) => {
  expect(countsFrom(name, report, 1)).toMatchObject({ requests: 2767, seconds: 1 });
  const { latency } = countsFrom(name, report, 1);
  expect(latency.p50).toBeCloseTo(p50, 6);
  expect(latency.p99).toBeCloseTo(p99, 6);
});

test.each([
  ['wrk', WRK.replace('Transfer', '  Non-2xx or 3xx responses: 5\nTransfer')],
  ['hey', HEY.replace('[200]', '[503]')],
  ['ab', AB.replace('Requests per', 'Non-2xx responses: 3\nRequests per')],
])('%s: answers that are not 2xx are an error', (name, report) => {
  expect(() => countsFrom(name, report, 1)).toThrow(`${name} got answers that are not 2xx`);
});

test('a report without figures is an error that quotes it', () => {
  expect(() => countsFrom('wrk', 'unable to connect', 1)).toThrow(/unable to connect/);
});
