import { RingQueue } from '../util/ring-queue.ts';

/** Upper bound of large bodies inflated at once in this process, over all connections: each may take as much memory as `maxInflatedBytes` allows. */
const MOST_AT_ONCE = 2;

const waiting = new RingQueue<(over: () => void) => void>();
let running = 0;

/** Begins the work when its turn comes: at once, or when another body has been inflated. */
export function inflateInTurn(work: (over: () => void) => void): void {
  waiting.push(work);
  startNext();
}

function startNext(): void {
  if (running === MOST_AT_ONCE) return;
  const work = waiting.shift();
  if (work === undefined) return;
  running++;
  work(() => {
    running--;
    startNext();
  });
}
