import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Unit } from '../figures/units.ts';
import type { Machine } from './machine.ts';

/** One figure of one contender in one case, for every round. */
export interface Measure {
  readonly part: Part;
  /** `k64 128 B c1`, `message/encode/2-headers/fresh`, … */
  readonly case: string;
  /** What was measured: `throughput`, `p50`, `p99`, `cpu`, `time`, `heap`, … */
  readonly figure: string;
  readonly contender: string;
  readonly unit: Unit;
  readonly better: 'higher' | 'lower';
  /** In the order they ran; null where a round of this contender failed. */
  readonly rounds: (number | null)[];
  /** Rounds that came from the same pair of processes, where that is known: such rounds are not independent of each other. */
  readonly block?: number;
}

/** A part of the benches that can be run by itself. */
export type Part = 'codec' | 'call' | 'bulk' | 'extension' | 'features' | 'scaling' | 'memory' | 'node';

/** The parts whose samples are calls between two processes. */
export type CallPart = Exclude<Part, 'codec' | 'features' | 'memory' | 'node'>;

/** Why a contender, or one of its samples, is missing. */
export interface Absence {
  readonly part: Part;
  readonly contender: string;
  readonly case?: string;
  readonly reason: string;
}

/** The control contender of a part: measured twice (A/A), and what ratios are taken of. */
export interface Control {
  readonly part: Part;
  readonly contender: string;
  /** The same contender's second series. */
  readonly again: string;
  /** The case in which it is compared with itself, where that is a case of its own. */
  readonly case?: string;
}

/** One run, as `results/*.json` keeps it. */
export interface Results {
  readonly format: 1;
  /** Present in the results of a quick run: its figures are not measurements. */
  readonly warning?: string;
  readonly when: string;
  readonly mode: 'quick' | 'headline' | 'full';
  readonly machine: Machine;
  /** Median share of the machine that other processes used during the samples; null where the system does not tell. */
  readonly others?: number | null;
  /** Packages and versions of each contender. */
  readonly versions: Record<string, string>;
  readonly controls: Control[];
  readonly measures: Measure[];
  readonly absences: Absence[];
  /** Raw samples, as their part keeps them. */
  readonly samples: unknown[];
}

/** What a part adds to the results of a run. */
export type Findings = Pick<Results, 'controls' | 'measures' | 'absences' | 'samples' | 'versions'>;

/** Returns empty findings. */
export function noFindings(): Findings {
  return { controls: [], measures: [], absences: [], samples: [], versions: {} };
}

/** Appends one value to the measure it belongs to; adds the measure for its first value. */
export function addRound(measures: Measure[], of: Omit<Measure, 'rounds'>, value: number | null): void {
  let measure = measures.find((m) => m.part === of.part && m.case === of.case && m.figure === of.figure && m.contender === of.contender);
  if (measure === undefined) measures.push((measure = { ...of, rounds: [] }));
  measure.rounds.push(value !== null && Number.isFinite(value) ? value : null);
}

/** Returns the rounds that ran. */
export function ran(measure: Measure): number[] {
  return measure.rounds.filter((value) => value !== null);
}

/** Reads a results file. @throws Error if it is not one of this format */
export async function readResults(path: string): Promise<Results> {
  const value = JSON.parse(await readFile(path, 'utf8')) as Partial<Results>;
  if (value.format !== 1 || !Array.isArray(value.measures))
    throw new Error(`${path} is not a results file: expected format 1, got ${String(value.format)}`);
  return value as Results;
}

/** Writes the run as JSON, its folder made when needed. */
export async function writeResults(path: string, results: Results): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(results, null, 1)}\n`);
}
