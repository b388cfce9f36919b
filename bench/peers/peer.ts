import type { Counts } from '../harness/load.ts';
import type { Part } from '../report/results.ts';

/** Where the key pair of TLS cases lies. */
export interface TlsFiles {
  readonly keyFile: string;
  readonly certFile: string;
}

/** Options of both ends of a case. */
export interface PeerOptions {
  readonly tls: TlsFiles | null;
  /** Headers each call carries; only this project's own contenders have them. */
  readonly headers: number;
  /** Actions that are called in turn; only this project's own contenders have more than one. */
  readonly actions: number;
  /** Load a copy of the library, so that two contenders in one process share no code; only this project's own contenders do. @default false */
  readonly ownCopy?: boolean;
}

/** Options of the server end. */
export interface ServeOptions extends PeerOptions {
  /** Accept requests and never answer them, to measure calls in flight. */
  readonly stall: boolean;
}

/** Options of the client end. */
export interface ConnectOptions extends PeerOptions {
  /** The payload of every call: ASCII, so that JSON peers carry it as a string. */
  readonly body: Buffer;
  /** Calls the load keeps in flight. */
  readonly inFlight: number;
  /** Called when a call fails; it fails the sample. */
  readonly fail: (error: unknown) => void;
}

/** A server that listens. */
export interface Served {
  readonly port: number;
  /** Processes beside this one whose CPU time counts: brokers. */
  readonly pids?: readonly number[];
  close(): Promise<void> | void;
}

/** An answer's payload, in the peer's own form. Borrowed: valid until the callback returns. */
export type Answer = Uint8Array | string;

/** Connections to a server. */
export interface Connected {
  /**
   * Sends the body once and hands over the answer's. Peers whose API gives a promise pay for the promise, others do not: each runs as its
   * users would run it, under the same load.
   */
  echo(done: (answer: Answer) => void): void;
  /** Processes beside this one whose CPU time counts. */
  readonly pids?: readonly number[];
  /** Of a client that is another program: it keeps the calls in flight by itself. */
  readonly driver?: Driver;
  close(): Promise<void> | void;
}

/** Load that a process of the peer makes. */
export interface Driver {
  /** Starts to call. */
  start(): Promise<void> | void;
  /** Starts the measured window. */
  begin(): Promise<void> | void;
  /** Figures since begin; the load goes on. */
  end(): Promise<Counts> | Counts;
  stop(): Promise<void> | void;
}

/** A contender: one way to call a function in another process. */
export interface Peer {
  readonly name: string;
  /** How it differs from the other contenders; printed with its figures. */
  readonly note?: string;
  /** Packages whose versions are printed. */
  readonly packages: readonly string[];
  /** Whether TLS cases run on it. @default false */
  readonly tls?: boolean;
  /** Whether its server can leave requests unanswered. @default false */
  readonly stalls?: boolean;
  /** It needs this long to reach its speed, in milliseconds; its processes then stay for all rounds of a case. @default what the run says */
  readonly warmUpMs?: number;
  /** Parts it is measured in. @default call, bulk, memory */
  readonly parts?: readonly Part[];
  /** Left out of the headline set. @default false */
  readonly fullOnly?: boolean;
  /** Returns why it cannot run here, or null. @default it can */
  readonly missing?: () => Promise<string | null>;
  readonly serve: (options: ServeOptions) => Promise<Served>;
  readonly connect: (port: number, connections: number, options: ConnectOptions) => Promise<Connected>;
}

/** Opens `count` connections and hands them out in turn. */
export async function inTurn<T>(
  count: number,
  open: () => Promise<T> | T,
): Promise<{ readonly all: readonly T[]; readonly next: () => T }> {
  const all: T[] = [];
  for (let i = 0; i < count; i++) all.push(await open());
  let at = 0;
  return {
    all,
    next: () => {
      const one = all[at] as T;
      at = at + 1 === count ? 0 : at + 1;
      return one;
    },
  };
}
