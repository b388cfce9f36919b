import { afterEach, describe, expect, test, vi } from 'vitest';
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

afterEach(() => {
  vi.useRealTimers();
});

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

describe('a host whose requests took far more memory than they have bytes', () => {
  const LARGE = 64 * 1024;

  function inDebt(excessBytes: number): { queue: BackgroundQueue; debtor: WorkOwner; other: WorkOwner } {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const queue = new BackgroundQueue(3);
    const debtor = owner('a');
    queue.charge(debtor, LARGE, excessBytes);
    return { queue, debtor, other: owner('b') };
  }

  test('has no turn until it has paid 16 MiB a second, down to 32 MiB', () => {
    const { queue, debtor } = inDebt(40 * MIB);
    const work = new Work(LARGE);
    queue.enterRequest(debtor, work);
    expect(queue.isInDebt(debtor, LARGE)).toBe(true);
    vi.advanceTimersByTime(490);
    expect(work.state).toBe('waiting');
    vi.advanceTimersByTime(20);
    expect(work.state).toBe('running');
    expect(queue.isInDebt(debtor, LARGE)).toBe(false);
  });

  test('has turns for its small requests', () => {
    const { queue, debtor } = inDebt(1000 * MIB);
    const [large, small] = [new Work(LARGE), new Work(1000)];
    queue.enterRequest(debtor, large);
    queue.enterRequest(owner('a'), small);
    expect(states(large, small)).toEqual(['waiting', 'running']);
    expect(queue.isInDebt(debtor, 1000)).toBe(false);
  });

  test('waits for a second at most, whatever its channels add', () => {
    const { queue, debtor } = inDebt(1000 * MIB);
    const all = Array.from({ length: 50 }, () => new Work(LARGE));
    for (const work of all) queue.enterRequest(owner('a'), work);
    vi.advanceTimersByTime(900);
    expect(states(...all)).toEqual(new Array(50).fill('waiting'));
    for (let ms = 900; ms < 1100; ms++) {
      vi.advanceTimersByTime(1);
      for (const work of all.filter(({ state }) => state === 'running')) {
        queue.charge(debtor, LARGE, 32 * MIB);
        work.end();
      }
    }
    expect(states(...all)).toEqual(new Array(50).fill('over'));
  });

  test('delays no other host, and neither its answers nor ours', () => {
    const { queue, debtor, other } = inDebt(1000 * MIB);
    const [request, answer, honest] = [new Work(LARGE), new Work(LARGE), new Work(LARGE)];
    queue.enterRequest(debtor, request);
    queue.enter(debtor, answer);
    queue.enterRequest(other, honest);
    expect(states(request, answer, honest)).toEqual(['waiting', 'running', 'running']);
    vi.advanceTimersByTime(1010);
    // While others are worked on still.
    expect(request.state).toBe('running');
  });

  test('is not woken for what ended meanwhile', () => {
    const { queue, debtor } = inDebt(1000 * MIB);
    const [large, small] = [new Work(LARGE), new Work(1000)];
    for (let i = 0; i < 2000; i++) queue.charge(debtor, 1000, MIB);
    queue.enterRequest(debtor, large);
    queue.enterRequest(debtor, small);
    queue.cancel(debtor);
    expect(states(large, small)).toEqual(['stopped', 'stopped']);
    vi.advanceTimersByTime(10_000);
    expect([...states(large, small), queue.size]).toEqual(['stopped', 'stopped', 0]);
    expect(queue.hasRoomFor(64 * MIB)).toBe(true);
  });
});
