import { expect, test } from 'vitest';
import { CAT_PARAMS, catAnswer, column, type Row } from '../../../../src/devnode/endpoints/cat-table.ts';
import { RestController } from '../../../../src/devnode/rest/rest-controller.ts';

const COLUMNS = [
  column('name', 'n', 'name of it'),
  column('docs.count', 'dc,docsCount', 'number of documents', { isRight: true }),
  column('hidden', 'h', 'shown when asked for', { isHidden: true }),
];
const ROWS: readonly Row[] = [
  { name: 'long name', 'docs.count': '9', hidden: 'x' },
  { name: 'b', 'docs.count': '10', hidden: 'y' },
];
const controller = new RestController().register('GET', '/_cat/x', (request) => catAnswer(request, COLUMNS, () => ROWS), {
  responseParams: CAT_PARAMS,
});

test.each<[query: string, status: number, text: string]>([
  ['', 200, 'long name  9\nb         10\n'],
  ['v', 200, 'name      docs.count\nlong name          9\nb                 10\n'],
  ['v&h=dc,hidden,nope', 200, 'dc hidden\n 9 x\n10 y\n'],
  ['h=do*', 200, ' 9\n10\n'],
  ['s=docs.count:desc&h=n', 200, 'b\nlong name\n'],
  ['s=n&h=n', 200, 'b\nlong name\n'],
  [
    'help&v',
    200,
    'name       | n            | name of it          \ndocs.count | dc,docsCount | number of documents \nhidden     | h            | shown when asked for\n',
  ],
  ['format=json&h=dc', 200, '[{"dc":"9"},{"dc":"10"}]'],
  ['bytes=b&bogus', 400, 'contains unrecognized parameter: [bogus]'],
  ['s=nope', 500, 'Unable to sort by unknown sort key `nope`'],
])('?%s', async (query, status, text) => {
  const { signal } = new AbortController();
  const incoming = { method: 'GET', httpVersion: 'HTTP_1_1', headers: {}, content: Buffer.alloc(0), signal } as const;
  const answer = await controller.dispatch({ ...incoming, uri: `/_cat/x?${query}` });
  expect(answer.status).toBe(status);
  expect(Buffer.from(answer.content).toString('utf8')).toContain(text);
});
