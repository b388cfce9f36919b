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
  expect(play(96, 30)).toBe(true);
});

test('batches with a wait between them are busy all the time: no message of theirs leaves by itself', () => {
  const { play } = underTest();
  play(64, 1);
  for (let batch = 0; batch < 100; batch++) {
    expect(play(1, 10_000)).toBe(false);
    for (let i = 1; i < 40; i++) expect(play(1, 1)).toBe(false);
  }
});
