import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { findJdk, prepareRealNode, realNodeAvailability } from 'opensearch-transport/realnode';
import type { Counts } from '../harness/load.ts';
import type { Peer } from './peer.ts';

const RELEASE = '2.19.6';
const JAVA_AT_LEAST = 11;
const SOURCE = fileURLToPath(new URL('../../java/EchoTransport.java', import.meta.url));
/** As in OpenSearch's own jvm.options. */
const JVM_OPTIONS = ['-Xms512m', '-Xmx512m', '-XX:+UseG1GC'];
const LINE_MS = 60_000;

/** OpenSearch's own TransportService over Netty, client and server in a JVM each, from the released classes. */
export const jvmTransport: Peer = {
  name: 'OpenSearch TransportService (JVM)',
  note: `OpenSearch ${RELEASE}, both ends in Java`,
  packages: [],
  // A JVM runs at its speed once its compiler has seen enough.
  warmUpMs: 5_000,
  missing: async () => {
    const availability = await realNodeAvailability(RELEASE);
    return availability.available ? null : availability.reason;
  },
  serve: async () => {
    const jvm = await Jvm.start(['serve']);
    const port = Number((await jvm.line()).replace('port ', ''));
    return { port, pids: [jvm.pid], close: () => jvm.close() };
  },
  connect: async (port, connections, { body, inFlight, fail }) => {
    const jvm = await Jvm.start(['load', port, connections, inFlight, body.length].map(String));
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
        stop: () => jvm.tell('stop'),
      },
      close: () => jvm.close(),
    };
  },
};

/** A JVM that takes commands by line. */
class Jvm {
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
