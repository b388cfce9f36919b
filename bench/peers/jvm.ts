import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { findJdk, prepareRealNode, realNodeAvailability } from 'opensearch-transport/realnode';
import type { Counts } from '../harness/load.ts';
import type { Connected, ConnectOptions } from './peer.ts';

/** The release whose classes run. */
export const RELEASE = '2.19.6';
/** A JVM runs at its speed once its compiler has seen enough: measured, it gains little after ten seconds. */
export const WARM_UP_MS = 12_000;
const JAVA_AT_LEAST = 11;
const SOURCE = fileURLToPath(new URL('../../java/EchoTransport.java', import.meta.url));
/** As in OpenSearch's own jvm.options. */
const JVM_OPTIONS = ['-Xms1g', '-Xmx1g', '-XX:+UseG1GC'];
const LINE_MS = 60_000;

/** Why there can be no JVM here, or null. */
export async function missingJvm(): Promise<string | null> {
  const availability = await realNodeAvailability(RELEASE);
  return availability.available ? null : availability.reason;
}

/** A client in Java, which keeps its calls in flight by itself. @param what `load` or `execute`, see EchoTransport.java */
export async function connectJvm(
  what: 'load' | 'execute',
  port: number,
  connections: number,
  { body, inFlight, fail }: ConnectOptions,
): Promise<Connected> {
  const jvm = await Jvm.start([what, port, connections, inFlight, body.length].map(String));
  await jvm.line();
  return {
    echo: () => fail(new Error('the JVM makes its own load')),
    pids: [jvm.pid],
    driver: {
      start: () => jvm.tell('start'),
      begin: () => jvm.tell('begin'),
      end: async () => {
        jvm.tell('end');
        return JSON.parse(await jvm.line()) as Counts;
      },
      stop: async () => {
        jvm.tell('stop');
        await jvm.line();
      },
    },
    close: () => jvm.close(),
  };
}

/** A JVM that takes commands by line. */
export class Jvm {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(java: string, jars: readonly string[], args: readonly string[]) {
    const path = jars.join(process.platform === 'win32' ? ';' : ':');
    this.#process = spawn(java, [...JVM_OPTIONS, '-cp', path, SOURCE, ...args], { stdio: ['pipe', 'pipe', 'ignore'] });
    process.once('exit', () => this.close());
    this.#process.on('error', () => this.close());
    this.#lines = createInterface({ input: this.#process.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  }

  static async start(args: readonly string[]): Promise<Jvm> {
    const jdk = await findJdk({ atLeast: JAVA_AT_LEAST });
    if (jdk === undefined) throw new Error('no JDK');
    const { jars } = await prepareRealNode({ version: RELEASE });
    return new Jvm(jdk.java, jars, args);
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  tell(command: string): void {
    this.#process.stdin?.write(`${command}\n`);
  }

  /** The next line. @throws when the JVM ended or says nothing in time */
  async line(): Promise<string> {
    const timer = setTimeout(() => this.close(), LINE_MS);
    const { value, done } = await this.#lines.next();
    clearTimeout(timer);
    if (done === true) throw new Error('the JVM ended; run it by hand to see why');
    return value;
  }

  close(): void {
    this.#process.kill('SIGKILL');
  }
}
