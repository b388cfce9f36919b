import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../../src/protocol/action/catalogue.ts';
import { defineAction } from '../../../src/protocol/action/define-action.ts';
import { struct } from '../../../src/protocol/codec/combinators.ts';
import { boolean, string } from '../../../src/protocol/codec/primitives.ts';
import { bodyOf } from '../../../src/protocol/rest/body-of.ts';
import { path, query } from '../../../src/protocol/rest/parameters.ts';
import { flag, text } from '../../../src/protocol/rest/parameter-types.ts';
import { defineRestAction } from '../../../src/protocol/rest/rest-action.ts';
import { restActions } from '../../../src/protocol/rest/rest-catalogue.ts';
import { type CatalogueParts, catalogueGaps, type Modules } from '../../support/catalogue-gaps.ts';

const PROTOCOL = join(import.meta.dirname, '../../../src/protocol');

/** The modules in the folders of families; what families share is not looked at. */
async function familyModules(room: 'action' | 'rest'): Promise<Modules> {
  const files = readdirSync(join(PROTOCOL, room), { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'));
  const ofFamilies = files.filter((file) => /^(?!shared\/)\w+\/.*\.ts$/.test(file));
  const load = async (file: string) => [file, (await import(pathToFileURL(join(PROTOCOL, room, file)).href)) as Modules[string]] as const;
  return Object.fromEntries(await Promise.all(ofFamilies.map(load)));
}

const parts: CatalogueParts = {
  actionFiles: await familyModules('action'),
  catalogue,
  restFiles: await familyModules('rest'),
  restActions,
};

describe('every action and every REST form', () => {
  test('is where it belongs', () => {
    expect(Object.keys(parts.actionFiles)).toContain('docs/get.ts');
    expect(Object.keys(parts.restFiles)).toContain('docs/get.ts');
    expect(catalogueGaps(parts)).toEqual([]);
  });
});

describe('adding an action', () => {
  const closeIndex = defineAction({
    name: 'indices:demo/close',
    request: struct({ index: string, force: boolean }, 'CloseRequest'),
    response: struct({ acknowledged: boolean }, 'CloseResponse'),
    summary: 'Closes an index',
  });
  const parameters = {
    index: path(text, 'index', 'Name of the index'),
    force: query({ ...flag, read: () => true }, 'force', 'Close it even if it is written to', 'false'),
  };
  const restClose = defineRestAction({
    action: closeIndex,
    routes: ['POST /{index}/_close_demo'],
    parameters,
    request: (values) => ({ ...values, force: values.force ?? false }),
    response: { body: bodyOf(closeIndex.response) },
  });
  const definition = { ...parts.actionFiles, 'indices/close.ts': { closeIndex } };
  const restFile = { ...parts.restFiles, 'indices/close.ts': { restClose } };
  const inFamily = [...catalogue, closeIndex];
  const inRestFamily = [...restActions, restClose];

  test('takes its file and a line in its family, the same for its REST form, and nothing else', () => {
    expect(catalogueGaps({ actionFiles: definition, catalogue: inFamily, restFiles: restFile, restActions: inRestFamily })).toEqual([]);
  });

  test.each<[string, CatalogueParts, string]>([
    [
      'the line in the family',
      { ...parts, actionFiles: definition },
      'action/indices/close.ts exports closeIndex, which is not in action/indices/indices.ts',
    ],
    [
      'the line of the REST form',
      { ...parts, restFiles: restFile },
      'rest/indices/close.ts exports restClose, which is not in rest/indices/indices.ts, or its family is not in rest/rest-catalogue.ts',
    ],
    [
      'the action of a REST form',
      { ...parts, restActions: inRestFamily },
      'POST /{index}/_close_demo: its action indices:demo/close is not in the catalogue',
    ],
    [
      'a path parameter',
      { ...parts, catalogue: inFamily, restActions: [{ ...restClose, parameters: { force: parameters.force } }] },
      'POST /{index}/_close_demo: the table has no path parameter {index}',
    ],
    [
      'a route with a path parameter',
      { ...parts, catalogue: inFamily, restActions: [{ ...restClose, routes: [{ method: 'POST', path: '/_close_demo' }] }] },
      'POST /_close_demo: no route has the path parameter {index}',
    ],
    [
      'what a parameter means',
      { ...parts, catalogue: inFamily, restActions: [{ ...restClose, parameters: { ...parameters, force: query(flag, 'force', '') } }] },
      'POST /{index}/_close_demo: the parameter force needs a type and one sentence that says what it means, without its full stop',
    ],
  ])('tells when %s is missing', (_, incomplete, gap) => {
    const rest = incomplete.restActions === restActions || incomplete.restActions === inRestFamily ? {} : { restFiles: {} };
    expect(catalogueGaps({ ...incomplete, ...rest })).toEqual([gap]);
  });
});
