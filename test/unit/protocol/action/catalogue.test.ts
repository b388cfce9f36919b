import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { catalogue, cluster, docs, findAction, shortNameOf } from '../../../../src/actions.ts';
import { type AnyAction, defineAction } from '../../../../src/protocol/action/define-action.ts';
import { empty } from '../../../../src/protocol/codec/primitives.ts';
import { closestName } from '../../../../src/protocol/error/closest-name.ts';
import { actionNames, releases } from '../../../vectors/load.ts';

describe('the catalogue', () => {
  test('is sorted, without repeated names', () => {
    const names = catalogue.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)].sort());
    expect(names.length).toBeGreaterThanOrEqual(13);
  });

  test.each(releases)('names only actions that %s registers, or that lie below its registry', (release) => {
    const registered = new Set(actionNames(release));
    const plain = catalogue
      .map(({ name }) => name)
      .filter((name) => !/^internal:(discovery|extensions)|^cluster:internal\/extensions/.test(name));
    expect(plain.filter((name) => !registered.has(name))).toEqual(['internal:tcp/handshake']);
  });

  test.each([
    ['cluster:monitor/health', cluster.health],
    ['cluster.health', cluster.health],
    ['docs.delete', docs.delete],
    ['indices:data/write/bulk', docs.bulk],
  ])('findAction(%s)', (name, action) => {
    expect(findAction(name)).toBe(action);
  });

  test.each([
    ['cluster.helth', 'did you mean cluster.health?'],
    ['cluster:monitor/heatlh', 'did you mean cluster:monitor/health?'],
  ])('%s is a typing error: %s', (name, text) => {
    expect(() => findAction(name)).toThrow(expect.objectContaining({ code: 'ERR_USAGE', message: expect.stringContaining(text) }));
  });

  test('what is far from everything has no suggestion', () => {
    expect(() => findAction('zzz')).toThrow("unknown action 'zzz'");
    expect(() => findAction('zzz')).not.toThrow('did you mean');
  });

  test('short names go both ways', () => {
    for (const action of catalogue) {
      const short = shortNameOf(action);
      if (short !== undefined) expect(findAction(short)).toBe(action);
    }
    expect(shortNameOf(docs.index)).toBe('docs.index');
  });

  test('bulk travels on its own channels, liveness on those for state', () => {
    expect([docs.bulk.purpose, docs.index.purpose, cluster.liveness.purpose]).toEqual(['bulk', 'reg', 'state']);
  });

  test('only what does no harm twice is idempotent', () => {
    expect([cluster.health, docs.get].map(({ idempotent }) => idempotent)).toEqual([true, true]);
    expect([docs.index, docs.delete, docs.bulk, docs.update].map(({ idempotent }) => idempotent)).toEqual([false, false, false, false]);
  });
});

describe('every action stands in its family', () => {
  const folder = new URL('../../../../src/protocol/action/', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'));
  const sources = files.filter((file) => /^[^/]+\/[^/]+\.ts$/.test(file) && !file.startsWith('shared/')).sort();

  test.each(sources)('%s', async (file) => {
    const [family = '', name = ''] = file.split('/');
    const members = Object.values((await import(new URL(file, folder).href)) as object).filter(isAction);
    const missing = members.filter((action) => !catalogue.includes(action)).map((action) => action.name);
    expect(missing, `src/protocol/action/${file} defines actions without a name in code: ${whatToDo(family, name)}`).toEqual([]);
    const strangers = members.filter((action) => !shortNameOf(action)?.startsWith(`${family}.`)).map((action) => action.name);
    expect(strangers, `src/protocol/action/${file} stands in the folder of another family`).toEqual([]);
  });

  test('an action that no family names is found', () => {
    const forgotten = defineAction({ name: 'demo:forgotten', request: empty, response: empty });
    expect(isAction(forgotten) && !catalogue.includes(forgotten)).toBe(true);
    expect(isAction(docs.index.request)).toBe(false);
  });

  const isAction = (value: unknown): value is AnyAction =>
    typeof value === 'object' && value !== null && 'request' in value && 'response' in value && 'purpose' in value;

  const whatToDo = (family: string, file: string): string =>
    files.includes(`${family}/${family}.ts`)
      ? `add \`export { … } from './${file}';\` to src/protocol/action/${family}/${family}.ts`
      : `make src/protocol/action/${family}/${family}.ts, name it in families.ts and in the exports of package.json`;
});

describe('closestName', () => {
  test.each([
    ['levle', ['level', 'local'], 'level'],
    ['indx', ['create', 'index'], 'index'],
    ['', ['a'], undefined],
    ['abcdef', ['uvwxyz'], undefined],
  ])('%s among %j is %s', (typed, names, expected) => {
    expect(closestName(typed, names)).toBe(expected);
  });
});
