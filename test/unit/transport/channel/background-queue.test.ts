import { expect, test } from 'vitest';
import type { BackgroundWork } from '../../../../src/protocol/frame/native/background-work.ts';
import { BackgroundQueue, type WorkOwner } from '../../../../src/transport/channel/background-queue.ts';

const MIB = 1024 * 1024;

/** Work that does what the test says. */
class Work implements BackgroundWork {
  readonly inputBytes: number;
  state: 'waiting' | 'running' | 'paused' | 'stopped' | 'over' = 'waiting';
  makes: (bytes: number) => void = () => undefined;
  #over: (() => void) | null = null;

  constructor(inputBytes = 0) {
    this.inputBytes = inputBytes;
  }

  begin(onStep: (bytes: number) => void, over: () => void): void {
    this.state = 'running';
    this.makes = onStep;
    this.#over = over;
  }

  pause(): void {
    this.state = 'paused';
  }

  resume(): void {
    this.state = 'running';
  }

  stop(): void {
    this.#end('stopped');
  }

  end(): void {
    this.#end('over');
  }

  #end(state: 'stopped' | 'over'): void {
    this.state = state;
    this.#over?.();
  }
}

const owner = (host: string): WorkOwner => ({ link: { remote: { host } } });
const states = (...works: Work[]): string[] => works.map(({ state }) => state);

function works<const N extends number>(count: N): Work[] & { length: N } {
  return Array.from({ length: count }, () => new Work()) as Work[] & { length: N };
}

test('so much is worked on at once, and the next begins when one is over', () => {
  const queue = new BackgroundQueue(2);
  const all = works(3);
  for (const work of all) queue.enter(owner('a'), work);
  expect(states(...all)).toEqual(['running', 'running', 'waiting']);
  all[1]?.end();
  expect(states(...all)).toEqual(['running', 'over', 'running']);
  all[0]?.end();
  all[2]?.end();
  expect(queue.size).toBe(0);
});

test('a host that queues much delays another by one body', () => {
  const queue = new BackgroundQueue(1);
  const flood = works(50);
  for (const work of flood) queue.enter(owner('flood'), work);
  const honest = new Work();
  queue.enter(owner('honest'), honest);
  flood[0]?.end();
  flood[1]?.end();
  expect(honest.state).toBe('running');
});

test('beyond 32 MiB of unfinished bodies only the one that began first goes on', () => {
  const queue = new BackgroundQueue(3);
  const [first, second, third] = works(3) as [Work, Work, Work];
  queue.enter(owner('a'), first);
  queue.enter(owner('b'), second);
  second.makes(20 * MIB);
  first.makes(20 * MIB);
  expect(states(first, second)).toEqual(['running', 'running']);
  second.makes(1);
  queue.enter(owner('c'), third);
  expect(states(first, second, third)).toEqual(['running', 'paused', 'waiting']);
  first.end();
  expect(states(second, third)).toEqual(['running', 'running']);
  second.makes(80 * MIB);
  third.makes(MIB);
  expect(states(second, third)).toEqual(['running', 'paused']);
  second.end();
  third.end();
  expect(queue.size).toBe(0);
});

test('what a channel queued ends with it', () => {
  const queue = new BackgroundQueue(1);
  const gone = owner('a');
  const [first, second, other] = [new Work(MIB), new Work(MIB), new Work(MIB)];
  queue.enter(gone, first);
  queue.enter(gone, second);
  queue.enter(owner('a'), other);
  queue.cancel(gone);
  expect(states(first, second, other)).toEqual(['stopped', 'stopped', 'running']);
  other.end();
  expect(queue.size).toBe(0);
  expect(queue.hasRoomFor(64 * MIB)).toBe(true);
});

test('64 MiB may wait', () => {
  const queue = new BackgroundQueue(1);
  const large = new Work(60 * MIB);
  queue.enter(owner('a'), large);
  expect([queue.hasRoomFor(4 * MIB), queue.hasRoomFor(4 * MIB + 1)]).toEqual([true, false]);
  large.end();
  expect(queue.hasRoomFor(64 * MIB)).toBe(true);
});
