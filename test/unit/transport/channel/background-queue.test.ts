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

describe('a host whose requests turned into far more than it sent', () => {
  function inDebt(excessBytes: number): { queue: BackgroundQueue; debtor: WorkOwner; other: WorkOwner } {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const queue = new BackgroundQueue(2);
    const debtor = owner('a');
    queue.charge(debtor, excessBytes);
    return { queue, debtor, other: owner('b') };
  }

  test('has no turn until it has paid 4 MiB a second, down to 8 MiB', () => {
    const { queue, debtor } = inDebt(32 * MIB);
    const work = new Work();
    queue.enterRequest(debtor, work);
    expect(queue.isInDebt(debtor)).toBe(true);
    vi.advanceTimersByTime(5990);
    expect(work.state).toBe('waiting');
    vi.advanceTimersByTime(20);
    expect(work.state).toBe('running');
    expect(queue.isInDebt(debtor)).toBe(false);
  });

  test('may owe 8 MiB', () => {
    const { queue, debtor } = inDebt(4 * MIB);
    queue.charge(debtor, 4 * MIB);
    expect(queue.isInDebt(debtor)).toBe(false);
    queue.charge(debtor, -MIB);
    queue.charge(debtor, MIB);
    expect(queue.isInDebt(debtor)).toBe(true);
  });

  test('delays no other host, and neither its answers nor ours', () => {
    const { queue, debtor, other } = inDebt(32 * MIB);
    const [request, answer, honest] = works(3) as [Work, Work, Work];
    queue.enterRequest(debtor, request);
    queue.enter(debtor, answer);
    queue.enterRequest(other, honest);
    expect(states(request, answer, honest)).toEqual(['waiting', 'running', 'running']);
    answer.end();
    honest.end();
    vi.advanceTimersByTime(7000);
    expect(request.state).toBe('running');
  });

  test('waits with sixteen channels: the requests of others are refused', () => {
    const { queue, debtor, other } = inDebt(32 * MIB);
    const all: Work[] = works(18);
    const taken = all.map((work, i) => queue.enterRequest(i === 0 ? debtor : i === 17 ? other : owner('a'), work));
    expect(taken).toEqual([...new Array<boolean>(16).fill(true), false, true]);
    vi.advanceTimersByTime(6010);
    expect(states(...all)).toEqual(['running', ...new Array<string>(16).fill('waiting'), 'running']);
  });

  test('is not woken for what ended meanwhile', () => {
    const { queue, debtor } = inDebt(32 * MIB);
    const work = new Work();
    queue.enterRequest(debtor, work);
    queue.cancel(debtor);
    expect(work.state).toBe('stopped');
    vi.advanceTimersByTime(10_000);
    expect([work.state, queue.size]).toEqual(['stopped', 0]);
  });

  test('is forgotten when a thousand others owe more', () => {
    const { queue, debtor } = inDebt(9 * MIB);
    for (let i = 0; i < 1000; i++) queue.charge(owner(`host ${i}`), 9 * MIB);
    expect(queue.isInDebt(debtor)).toBe(false);
    expect(queue.isInDebt(owner('host 999'))).toBe(true);
  });
});
