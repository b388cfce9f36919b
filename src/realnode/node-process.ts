import type { ChildProcess } from 'node:child_process';
import { delimiter } from 'node:path';
import { DialError, EnvironmentError, type TransportError } from '../protocol/error/transport-error.ts';
import type { Jdk } from './jdk.ts';
import { LineSplitter, LogTail } from './log-lines.ts';
import type { NodeFolder } from './node-folder.ts';
import { signalGroup, spawnGroup } from './process-group.ts';
import { onWindows } from './surroundings.ts';

/** Number of lines of a node's log that are kept. */
const LOG_LINES = 5_000;
/** Time for a node to close before it is killed, in milliseconds. Its own deadline is a little shorter. */
const CLOSE_DEADLINE_MS = 12_000;
/** Beginning of the one line the Java side prints on standard output. */
const BOUND_LINE = '{"http":';

/** An address a node listens on. */
export interface BoundAddress {
  readonly host: string;
  readonly port: number;
}

/** Addresses a node listens on. */
export interface BoundAddresses {
  readonly http: BoundAddress;
  readonly transport: BoundAddress;
}

/** Options of a node's process. */
export interface LaunchOptions {
  readonly jdk: Jdk;
  readonly jars: readonly string[];
  readonly folder: NodeFolder;
  /** Initial and maximum heap in MiB. */
  readonly heapMb: number;
  readonly jvmArgs: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onLog: ((line: string) => void) | undefined;
}

/** The Java process of a node, with its log and its folder. */
export class NodeProcess {
  readonly log = new LogTail(LOG_LINES);
  /** Settles when the ports are known; rejects with ERR_ENVIRONMENT when the process ends before, or ERR_ADDRESS_IN_USE. */
  readonly bound: Promise<BoundAddresses>;
  /** Resolves when the process is gone and its folder removed, whoever ended it. */
  readonly gone: Promise<void>;
  readonly #child: ChildProcess;
  readonly #folder: NodeFolder;

  constructor(options: LaunchOptions) {
    this.#folder = options.folder;
    this.#child = spawnGroup(options.jdk.java, javaArgs(options), {
      cwd: options.folder.home,
      env: { ...options.env },
      // The node ends when this standard input does, even if we are killed: see real-node-java.ts.
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const { promise, resolve, reject } = deferred<BoundAddresses>();
    this.bound = promise;
    this.#listen(options.onLog, resolve);
    const ended = new Promise<string>((done) => {
      this.#child.once('close', (code, signal) => done(signal === null ? `exit code ${code}` : `signal ${signal}`));
      this.#child.once('error', (error) => done(error.message));
    });
    this.gone = ended.then(async (how) => {
      reject(this.#died(how));
      await this.#folder.remove();
      running.delete(this);
    });
    // When a booted node ends, no caller may be waiting any more.
    promise.catch(() => {});
    trackUntilGone(this);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Asks the node to close, kills it after a deadline, and resolves when it is gone. */
  async close(): Promise<void> {
    if (onWindows) this.#child.stdin?.end();
    else signalGroup(this.#child, 'SIGTERM');
    const timer = setTimeout(() => this.abort(), CLOSE_DEADLINE_MS);
    await this.gone.finally(() => clearTimeout(timer));
  }

  /** Kills the node. */
  abort(): void {
    signalGroup(this.#child, 'SIGKILL');
  }

  /** Kills the node and removes its folder without waiting. */
  abortAtExit(): void {
    this.abort();
    this.#folder.removeNow();
  }

  #listen(onLog: ((line: string) => void) | undefined, onBound: (addresses: BoundAddresses) => void): void {
    const keep = (line: string) => {
      this.log.push(line);
      onLog?.(line);
    };
    const out = new LineSplitter((line) => (line.startsWith(BOUND_LINE) ? onBound(JSON.parse(line) as BoundAddresses) : keep(line)));
    const err = new LineSplitter(keep);
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => out.push(text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => err.push(text));
    this.#child.stdout?.on('end', () => out.end());
    this.#child.stderr?.on('end', () => err.end());
    // A process that dies first breaks the pipe; its end is reported by `close`.
    this.#child.stdin?.on('error', () => {});
  }

  #died(how: string): TransportError {
    const text = `the node ended before it was ready (${how}). The end of its log:\n${this.log.text(25)}`;
    const cause = new EnvironmentError('ERR_ENVIRONMENT', {}, text);
    const taken = takenPort(this.log.lines());
    if (taken === null) return cause;
    return new DialError(
      'ERR_ADDRESS_IN_USE',
      { cause },
      `the node cannot listen: ${taken} already in use; choose another, or 0 for any free one`,
    );
  }
}

/** Returns `port 9200 is` if a node ended because the port was taken; null otherwise. */
function takenPort(log: readonly string[]): string | null {
  if (!log.some((line) => line.includes('Address already in use'))) return null;
  const [address] = log.flatMap((line) => /Failed to bind to (\S+)/.exec(line)?.[1] ?? []);
  const ports = /:\[?(\d+(?:-\d+)?)[\];,]*$/.exec(address ?? '')?.[1];
  if (ports === undefined) return 'a port is';
  return ports.includes('-') ? `ports ${ports} are` : `port ${ports} is`;
}

function javaArgs({ jdk, jars, folder, heapMb, jvmArgs }: LaunchOptions): string[] {
  return [
    `-Xms${heapMb}m`,
    `-Xmx${heapMb}m`,
    // Cheap to start; the node serves a few tests, not a month.
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    '-Djava.awt.headless=true',
    '-Dfile.encoding=UTF-8',
    `-Djava.io.tmpdir=${folder.temp}`,
    `-Dlog4j2.configurationFile=${folder.log4jConfig}`,
    '-Dlog4j2.disable.jmx=true',
    '-Dio.netty.noUnsafe=true',
    // Lucene calls native functions; from Java 22 on that is warned of at every start.
    ...(jdk.major >= 22 ? ['--enable-native-access=ALL-UNNAMED'] : []),
    ...jvmArgs,
    '-cp',
    jars.join(delimiter),
    folder.source,
    folder.home,
  ];
}

const running = new Set<NodeProcess>();
let watchingExit = false;

/** Ends the node when this process exits. One listener serves all nodes. */
function trackUntilGone(node: NodeProcess): void {
  running.add(node);
  if (watchingExit) return;
  watchingExit = true;
  process.on('exit', () => {
    for (const left of running) left.abortAtExit();
  });
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let resolve: (value: T) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
