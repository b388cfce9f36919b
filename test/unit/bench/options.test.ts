import { describe, expect, test } from 'vitest';
import { HEADLINE_PARTS, OWN_PARTS, PARTS, parseOptions, USAGE } from '../../../bench/options.ts';

describe('the parts of a run', () => {
  test('are the headline parts, whatever the mode, as the help says', () => {
    for (const args of [[], ['--quick'], ['--full'], ['--own'], ['--quick', '--own']]) {
      expect(parseOptions(args)?.parts, args.join(' ')).toEqual(HEADLINE_PARTS);
    }
    expect(USAGE).toContain(`Without one: ${HEADLINE_PARTS.join(', ')} `);
  });

  test('are all of them for `all`, and those that need no peer with --own', () => {
    expect(parseOptions(['all', '--quick'])?.parts).toEqual(PARTS);
    expect(parseOptions(['all', '--quick', '--own'])?.parts).toEqual(OWN_PARTS);
    expect(USAGE).toContain(OWN_PARTS.join(', '));
  });

  test('are those that are named', () => {
    expect(parseOptions(['features', 'scaling'])?.parts).toEqual(['features', 'scaling']);
    expect(() => parseOptions(['node', '--own'])).toThrow('--own cannot be used with the part node, only with codec, call');
  });
});

test('the help names every option and every part', () => {
  const options = ['--quick', '--full', '--rounds', '--only', '--own', '--case', '--no-gate', '--out', '--help'];
  for (const name of [...options, ...PARTS]) expect(USAGE).toContain(name);
  expect(parseOptions(['--quick', '--help'])).toBeNull();
});

test.each([
  [['--quik'], 'unknown option --quik; did you mean --quick? Known: --quick, --full'],
  [['--no-gat'], 'unknown option --no-gat; did you mean --no-gate?'],
  [['--caes=k64'], 'unknown option --caes; did you mean --case?'],
  [['-q'], 'unknown option -q. Known:'],
  [['cal'], 'unknown part cal; did you mean call? Known: codec, call'],
  [['something-else'], 'unknown part something-else. Known: codec'],
  [['--rounds', '0'], '--rounds must be an integer >= 1, got 0'],
  [['--rounds', 'many'], '--rounds must be an integer >= 1, got many'],
  [['--case', '['], '--case [: Invalid regular expression'],
])('%j is refused: %s', (args, text) => {
  expect(() => parseOptions(args)).toThrow(text);
});
