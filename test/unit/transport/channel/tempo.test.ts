import { expect, test } from 'vitest';
import { Tempo } from '../../../../src/transport/channel/tempo.ts';

/** A tempo and a clock; `play` gives it messages that come so many microseconds apart. */
function underTest() {
  let now = 1000;
  const tempo = new Tempo(() => now);
  const play = (messages: number, microseconds: number): boolean => {
    for (let i = 0; i < messages; i++) {
      now += microseconds / 1000;
      tempo.count();
    }
    return tempo.quiet;
  };
  return { tempo, play };
}

test('a new process is quiet', () => {
  expect(underTest().tempo.quiet).toBe(true);
});

test('messages that come one round trip apart leave it quiet', () => {
  const { play } = underTest();
  expect(play(1000, 30)).toBe(true);
});

test('messages that come together make it busy before a second batch is through', () => {
  const { play } = underTest();
  expect(play(32, 1)).toBe(false);
  expect(play(1000, 1)).toBe(false);
});

test('it is quiet again as soon as callers wait for their answers', () => {
  const { play } = underTest();
  play(1000, 1);
  expect(play(32, 30)).toBe(true);
});

test('a pause between two bursts is no burst', () => {
  const { play } = underTest();
  play(15, 1);
  expect(play(1, 10_000)).toBe(true);
});
