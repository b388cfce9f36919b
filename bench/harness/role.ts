import type { TlsFiles } from '../peers/peer.ts';
import { Child } from './child.ts';
import type { Counts } from './load.ts';

/** What the processes of a case are told at their start. */
export interface RoleOptions {
  readonly peer: string;
  readonly bodyBytes: number;
  readonly tls: TlsFiles | null;
  /** Headers each call carries. */
  readonly headers: number;
  /** Actions called in turn. */
  readonly actions: number;
  readonly stall: boolean;
  /** Client only. */
  readonly port: number;
  readonly connections: number;
  readonly inFlight: number;
  readonly rate: number | null;
}

/** Memory of one process after garbage collection, in bytes. */
export interface Footprint {
  readonly heap: number;
  readonly external: number;
  readonly resident: number;
  /** Most that was resident since the last look; since the start where the system cannot forget. */
  readonly peak: number;
}

/** Questions the runner asks an end of a case, and their answers. */
export interface RoleAnswers {
  /** Server: listening. Client: connected. */
  ready: { port: number; pids: readonly number[] };
  /** Starts the load. */
  start: null;
  /** Starts the measured window. */
  begin: null;
  /** What the window has counted so far. */
  end: Counts;
  /** Lets the calls in flight end and makes no more, until the next start (client). */
  stop: null;
  /** CPU time so far in microseconds. */
  cpu: number;
  memory: Footprint;
  /** Opens as many connections more as the argument says and makes a call on each (client). */
  open: null;
  /** One call; how long it took, in milliseconds (client). */
  once: number;
  /** As many calls as are to be in flight, none awaited (client). */
  pile: null;
  close: null;
}

/** One end of a case. */
export type Role = Child<RoleAnswers>;

/** Starts one end of a case in its own process on its own core. */
export function startRole(end: 'client' | 'server', options: RoleOptions, flags: readonly string[] = []): Role {
  return new Child<RoleAnswers>({ end, script: `${end}-process.js`, argument: options, flags });
}
