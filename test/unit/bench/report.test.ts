import { describe, expect, test } from 'vitest';
import { whyNotPublish } from '../../../bench/report/conditions.ts';
import { page } from '../../../bench/report/page.ts';
import { picture } from '../../../bench/report/picture.ts';
import { readmeSection, targetsSection } from '../../../bench/report/publication.ts';
import { standings } from '../../../bench/report/standings.ts';
import { exampleResults } from './results.ts';

describe('standings', () => {
  test('take the median of the ratios inside each round', () => {
    const calls = standings(exampleResults()).find(({ id, versus }) => id === 'T1' && versus === 'grpc-js');
    expect(calls).toMatchObject({ value: 100, verdict: 'holds', limit: 60 });
  });

  test('bound a value with the spread of its rounds, and tell the A/A of its figure', () => {
    const raw = standings(exampleResults()).find(({ id, versus }) => id === 'T2' && versus === 'raw net');
    expect(raw?.value).toBe(1);
    expect(raw?.low).toBeCloseTo(0.9, 9);
    expect(raw?.high).toBeCloseTo(1.1, 9);
    expect(raw?.noise).toBeCloseTo(0.01, 3);
  });

  test('call a value beyond its limit unclear where the bounds reach the limit', () => {
    const [results, latency] = [exampleResults(), 'latency p50, one call in flight'];
    const verdict = (): string | undefined =>
      standings(results).find(({ metric, versus }) => metric === latency && versus === 'raw net')?.verdict;
    expect(verdict()).toBe('missed');
    results.measures
      .find(({ case: name, contender }) => name.startsWith('k1 ') && contender === 'raw net')
      ?.rounds.splice(0, 3, 50, 54, 56);
    expect(verdict()).toBe('unclear');
  });
});

test('the best of several contenders is one of those that were measured', () => {
  const results = exampleResults();
  const grpc = results.measures.find(({ contender, figure }) => contender === 'grpc-js' && figure === 'throughput');
  results.measures.push({ ...(grpc as NonNullable<typeof grpc>), contender: 'rsocket' });
  expect(standings(results).find(({ id }) => id === 'T1c')?.versus).toBe('the best of rsocket');
});

describe('the README section', () => {
  const section = readmeSection(exampleResults());

  test('shows one picture for each colour scheme, and sentences that give the direction in words', () => {
    expect(section).toContain('srcset="docs/img/speed-dark.svg"');
    expect(section).toContain('src="docs/img/speed-light.svg"');
    expect(section).toContain('- calls per second, 64 in flight: **100×** grpc-js');
    expect(section).toContain('- latency of a single call (p50): **4× lower** than grpc-js, 1.2× that of a bare TCP echo');
  });

  test('tells the noise of each figure that was measured twice', () => {
    expect(section).toMatch(/Noise \(the same library measured twice\): calls per second 1 %\.$/);
  });

  test('says when other processes disturbed the run', () => {
    expect(section).not.toContain('provisional');
    expect(readmeSection(exampleResults({ others: 0.4 }))).toContain(
      'Other processes used 40 % of the machine: these figures are provisional.',
    );
  });
});

test('a quick run and a disturbed one are not published', () => {
  expect(whyNotPublish(exampleResults())).toBeNull();
  expect(whyNotPublish(exampleResults({ mode: 'quick' }))).toBe('cannot publish a quick run: it is not a measurement');
  expect(whyNotPublish(exampleResults({ others: 0.4 }))).toContain('other processes used 40 % of the machine, expected at most 4 %');
});

test('the table of targets has metric, unit, compared with, direction and bounds', () => {
  const [header, , ...rows] = targetsSection(exampleResults()).split('\n');
  expect(header).toBe('| id | metric | unit | compared with | better | this run | bounds | A/A | limit | goal | verdict |');
  expect(rows).toContain(
    '| T1 | calls per second, 64 in flight | ours ÷ theirs | grpc-js | higher | 100× | 100× – 100× | ±1 % | 60× | 110× | holds |',
  );
  expect(rows).toContain('- call · ioredis: redis-server not found');
});

describe('the picture', () => {
  test.each(['light', 'dark'] as const)('%s: well-formed, with unit, direction, scale and bounds on each chart', (scheme) => {
    const svg = picture(exampleResults(), scheme);
    expect(unbalanced(svg)).toEqual([]);
    expect(svg).toContain('calls per second · logarithmic scale · higher is better');
    expect(svg).toContain('microseconds · linear scale · lower is better');
    expect(svg.match(/class="whisker"/g)).toHaveLength(2);
    expect(svg).toContain('<title>gRPC (grpc-js): median 10 k calls/s, 9000 calls/s to 11 k calls/s');
    expect(svg).not.toMatch(/(?:href|src)=|<script|<image|NaN|undefined/);
  });
});

describe('the page', () => {
  const html = page(exampleResults());

  test('opens with a summary and a table of contents that leads to every chart', () => {
    expect(html.indexOf('<h2>Summary</h2>')).toBeLessThan(html.indexOf('<h2>Contents</h2>'));
    expect(html).toMatch(/<strong>Targets:<\/strong> of \d+, \d+ reach their goal/);
    const anchors = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(anchors).toContain('call-k64-128-b-c1');
    for (const id of anchors) expect(html).toContain(`id="${id}"`);
  });

  test('names cases in words and says unit, direction and scale of each chart', () => {
    expect(html).toContain('<h3>64 calls in flight, 128 B bodies, 1 connection</h3>');
    const charts = [...html.matchAll(/<h4>[^<]+<small>([^<]+)<\/small>/g)].map(([, note]) => note);
    expect(charts).toHaveLength(2);
    for (const note of charts)
      expect(note).toMatch(/^(?:calls per second|microseconds) · (?:higher|lower) is better · (?:linear|logarithmic) scale/);
    expect(html).not.toMatch(/>k\d+ /);
  });

  test('takes texts of a results file for text', () => {
    const evil = `<script>alert("1")</script>'\u001b[2J\u202e`;
    const results = exampleResults({ versions: { [evil]: evil }, absences: [{ part: 'call', contender: evil, reason: evil }] });
    const named = page({ ...results, when: evil, machine: { ...results.machine, cpu: evil, node: evil } });
    expect(named).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;\ufffd[2J\ufffd');
    expect(named).not.toMatch(/<script|(?!\n)\p{Cc}|\u202e/u);
  });

  test('marks a quick run in large letters and compares nothing with targets', () => {
    const quick = page(exampleResults({ mode: 'quick' }));
    expect(quick).toContain('<strong>QUICK RUN - NOT A MEASUREMENT</strong>');
    expect(quick).toContain('<title>QUICK RUN - NOT A MEASUREMENT');
    expect(quick).not.toContain('id="targets"');
    expect(html).not.toContain('NOT A MEASUREMENT');
  });
});

/** Names of elements that are opened and not closed, or closed and not opened. */
function unbalanced(xml: string): string[] {
  const open: string[] = [];
  for (const [, close, name = '', rest = ''] of xml.matchAll(/<(\/?)([a-z]+)((?:"[^"]*"|[^">])*)>/gi)) {
    if (close === '/') {
      if (open.pop() !== name) return [name];
    } else if (!rest.endsWith('/')) open.push(name);
  }
  return open;
}
