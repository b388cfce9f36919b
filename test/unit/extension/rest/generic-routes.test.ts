import { expect, test } from 'vitest';
import { deprecatedRegistrationOf, genericRegistrationOf } from '../../../../src/extension/node/route-registration.ts';
import { isGenericParam } from '../../../../src/extension/rest/generic-params.ts';
import { checkUnderGenericRoutes } from '../../../../src/extension/rest/generic-routes.ts';
import { defineDeprecatedRoute, defineRoute } from '../../../../src/extension/rest/route.ts';

const nothing = () => undefined;

test('generic routes are one message with a route for each method and depth', () => {
  const old = defineDeprecatedRoute('GET', '/old/{name}', 'use /hello', nothing);
  const { restActions = [], deprecatedRestActions } = genericRegistrationOf([defineRoute('GET', '/a', nothing), old], 'my-id');
  expect(restActions).toHaveLength(63);
  expect(restActions[0]).toBe('GET / my_id:get');
  expect(restActions[15]).toBe('POST /{path_segment_1}/{path_segment_2} my_id:post/*/*');
  expect(new Set(restActions.map((line) => line.split(' ')[2]))).toHaveLength(63);
  expect(deprecatedRestActions).toEqual(['GET /old/{path_segment_2}', 'use /hello']);
});

test('a later deprecated route is told alone, with the names that its node knows', () => {
  const old = defineDeprecatedRoute('GET', '/old/{name}', 'use /hello', nothing);
  expect(deprecatedRegistrationOf(old, 'id', false)).toEqual({
    uniqueId: 'id',
    restActions: [],
    deprecatedRestActions: ['GET /old/{name}', 'use /hello'],
  });
  expect(deprecatedRegistrationOf(old, 'id', true)).toMatchObject({ deprecatedRestActions: ['GET /old/{path_segment_2}', 'use /hello'] });
});

test('the parameters of generic routes have names of their own', () => {
  expect(['path_segment_1', 'path_segment_8', 'path_segment_9', 'name'].map(isGenericParam)).toEqual([true, true, false, false]);
});

test('a route that a node with generic routes cannot serve is refused', () => {
  const usage = (message: string) => expect.objectContaining({ code: 'ERR_USAGE', message: expect.stringContaining(message) });
  const long = defineRoute('GET', '/1/2/3/4/5/6/7/8/9', nothing);
  expect(() => checkUnderGenericRoutes(long)).toThrow(usage('has 9 segments; with genericRoutes a path must have at most 8'));
  for (const path of ['/', '/{a}/{b}']) {
    const route = defineDeprecatedRoute('GET', path, 'old', nothing);
    expect(() => checkUnderGenericRoutes(route)).toThrow(usage('cannot be deprecated with genericRoutes'));
  }
});
