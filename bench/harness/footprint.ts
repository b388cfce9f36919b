import { setTimeout as sleep } from 'node:timers/promises';
import { forgetPeak, ownPeak } from './proc.ts';
import type { Footprint } from './role.ts';

/** Memory of this process after garbage collection, and its peak since the last look. @throws without `--expose-gc` */
export async function footprint(): Promise<Footprint> {
  if (globalThis.gc === undefined) throw new Error('memory is measured with --expose-gc only');
  const peak = ownPeak();
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await sleep(20);
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  forgetPeak();
  return { heap: heapUsed, external, resident: rss, peak };
}
