import { expect, test } from 'vitest';
import { run } from './run.ts';
import { parseRequest } from '../../../src/cli/request-input.ts';
import { health } from '../../../src/protocol/action/cluster/health.ts';
import { defineAction } from '../../../src/protocol/action/define-action.ts';
import { lazy, list, map, optional, since, struct } from '../../../src/protocol/codec/combinators.ts';
import { empty, string } from '../../../src/protocol/codec/primitives.ts';
import { timeValue } from '../../../src/protocol/codec/time-value.ts';
import { V_3_9_0 } from '../../../src/protocol/wire/version.ts';

const nested = defineAction({
  name: 'demo:nested',
  request: struct({
    plain: timeValue,
    text: string,
    maybe: optional(timeValue),
    many: list(timeValue),
    byName: map(timeValue),
    gated: since(V_3_9_0, timeValue, null),
    later: lazy('later', () => struct({ at: timeValue })),
  }),
  response: empty,
});

const parse = (form: unknown): unknown => parseRequest(nested, JSON.stringify(form));
const seconds = (duration: number): object => ({ duration, unit: 'SECONDS' });

test('times are taken as REST has them, wherever they stand', () => {
  const whole = { plain: '1s', text: '2s', maybe: '3s', many: ['4s', seconds(5)], byName: { a: '6s' }, gated: '7s', later: { at: '8s' } };
  expect(parse(whole)).toEqual({
    plain: seconds(1),
    text: '2s',
    maybe: seconds(3),
    many: [seconds(4), seconds(5)],
    byName: { a: seconds(6) },
    gated: seconds(7),
    later: { at: seconds(8) },
  });
  expect(parse({ ...whole, maybe: null })).toMatchObject({ maybe: null });
});

test('of an action of the catalogue, too', () => {
  expect(parseRequest(health, '{"timeout":"500ms"}')).toEqual({ timeout: { duration: 500, unit: 'MILLISECONDS' } });
});

test('encode takes them as well, and names the field that is not a time', async () => {
  const encode = (json: string): ReturnType<typeof run> => run(['encode', 'cluster.health', 'request', json]);
  const [text, value] = [await encode('{"timeout":"5s"}'), await encode('{"timeout":{"duration":5,"unit":"SECONDS"}}')];
  expect(text).toEqual(value);
  expect(text.exit).toBe(0);
  expect((await encode('{"timeout":"soon"}')).stderr).toContain("timeout: expected a time such as 30s, 500ms or 1m, got 'soon'");
});

test.each<[string, string]>([
  ['{"timeout":"5 parsecs"}', "timeout: expected a time such as 30s, 500ms or 1m, got '5 parsecs'"],
  ['{"timeout":5}', 'timeout: expected an object'],
  ['{"timeout":{"duration":"x","unit":"SECONDS"}}', 'timeout.duration: expected a 64-bit integer'],
  ['{"timeot":"5s"}', 'timeot: unknown field'],
  ['[]', 'expected an object'],
  ['{"timeout":["5s"]}', 'timeout: expected an object'],
])('%s is refused', (text, message) => {
  expect(() => parseRequest(health, text)).toThrow(`the request: ${message}`);
});

test('a name that is special to JavaScript is a field like others', () => {
  expect(() => parseRequest(health, '{"__proto__":"5s"}')).toThrow('the request: __proto__: unknown field');
});
