import { setTimeout as sleep } from 'node:timers/promises';
import type { Footprint } from './role.ts';

/** Memory of this process after garbage collection. @throws without `--expose-gc` */
export async function footprint(): Promise<Footprint> {
  if (globalThis.gc === undefined) throw new Error('memory is measured with --expose-gc only');
  for (let i = 0; i < 3; i++) {
    globalThis.gc();
    await sleep(20);
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed, external, resident: rss, peak: process.resourceUsage().maxRSS * 1024 };
}
