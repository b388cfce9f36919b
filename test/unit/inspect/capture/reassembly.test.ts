import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Reassembly } from '../../../../src/inspect/capture/reassembly.ts';

function collecting() {
  const seen: string[] = [];
  const reassembly = new Reassembly({
    onBytes: (bytes) => seen.push(bytes.toString('latin1')),
    onGap: (bytes) => seen.push(`<${bytes}>`),
  });
  const push = (sequence: number, text: string, cutOff = 0) => reassembly.push(sequence >>> 0, Buffer.from(text, 'latin1'), cutOff);
  return { seen, push, reassembly };
}

describe('one direction of a connection', () => {
  test('segments in order pass at once', () => {
    const { seen, push } = collecting();
    push(100, 'ab');
    push(102, 'cd');
    expect(seen).toEqual(['ab', 'cd']);
  });

  test('a late segment fills its place', () => {
    const { seen, push } = collecting();
    push(100, 'ab');
    push(104, 'ef');
    push(106, 'gh');
    push(102, 'cd');
    expect(seen).toEqual(['ab', 'cd', 'ef', 'gh']);
  });

  test('repeated and overlapping bytes pass once, the first seen win', () => {
    const { seen, push } = collecting();
    push(100, 'abcd');
    push(100, 'XXXX');
    push(102, 'YYef');
    push(101, 'Z');
    expect(seen.join('')).toBe('abcdef');
  });

  test('sequence numbers wrap', () => {
    const { seen, push } = collecting();
    push(0xffff_fffe, 'ab');
    push(2, 'ef');
    push(0, 'cd');
    expect(seen).toEqual(['ab', 'cd', 'ef']);
  });

  test('what the receiver has and the capture has not is a gap', () => {
    const { seen, push, reassembly } = collecting();
    push(100, 'ab');
    push(110, 'kl');
    reassembly.acknowledge(102);
    expect(seen).toEqual(['ab']);
    reassembly.acknowledge(112);
    push(112, 'mn');
    expect(seen).toEqual(['ab', '<8>', 'kl', 'mn']);
  });

  test('what waits at the end comes behind its gap', () => {
    const { seen, push, reassembly } = collecting();
    push(100, 'ab');
    push(105, 'f');
    push(107, 'h');
    reassembly.end();
    expect(seen).toEqual(['ab', '<3>', 'f', '<1>', 'h']);
  });

  test('a segment the capture cut off leaves a gap', () => {
    const { seen, push } = collecting();
    push(100, 'ab', 3);
    push(105, 'fg');
    expect(seen).toEqual(['ab', '<3>', 'fg']);
  });

  test('any order, with any repetition, gives the same bytes', () => {
    const text = 'the quick brown fox jumps over the lazy dog';
    const cuts = fc.array(fc.tuple(fc.nat(text.length - 1), fc.integer({ min: 1, max: 9 })), { maxLength: 30 });
    fc.assert(
      fc.property(cuts, fc.nat(0xffff_ffff), (pieces, first) => {
        const { seen, push, reassembly } = collecting();
        reassembly.begin(first);
        const whole = Array.from({ length: text.length }, (_, at) => [at, 3] as [number, number]).reverse();
        for (const [at, size] of [...pieces, ...whole]) push(first + at, text.slice(at, at + size));
        expect(seen.join('')).toBe(text);
      }),
    );
  });
});
