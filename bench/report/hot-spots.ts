import { readFile } from 'node:fs/promises';
import { digits } from '../figures/units.ts';
import { columns } from './table.ts';

/** What `--cpu-prof` writes, as far as it is read here. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

const SHOWN = 20;

/** Returns where a profiled process spent its own time: function, place and share, without idle time. @param path of a `.cpuprofile` */
export async function hotSpots(path: string): Promise<string> {
  const { nodes, samples, timeDeltas } = JSON.parse(await readFile(path, 'utf8')) as CpuProfile;
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
  const times = new Map<string, number>();
  for (const [i, id] of samples.entries()) {
    const place = places.get(id) ?? '';
    times.set(place, (times.get(place) ?? 0) + (timeDeltas[i] ?? 0));
  }
  times.delete('(idle)');
  times.delete('(root)');
  const total = [...times.values()].reduce((sum, micros) => sum + micros, 0);
  const rows = [...times].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
  return columns(rows.map(([place, micros]) => [place, `${digits((micros / total) * 100)} %`])).join('\n');
}

/** `settle  transport/channel/outgoing-calls.js:118`, or what the engine calls its own work. */
function placeOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  if (url === '') return name;
  return `${name}  ${url.split('/dist/').at(-1)}:${lineNumber + 1}`;
}
