import { access, constants, stat } from 'node:fs/promises';
import { basename, dirname, extname, relative, resolve } from 'node:path';
import type { DevNode } from '../../devnode/dev-node.ts';
import type { DevNodeEvent } from '../../devnode/dev-node-options.ts';
import { type Supervisor, supervise } from '../../extension/supervisor/supervisor.ts';
import type { SupervisorEvent } from '../../extension/supervisor/supervisor-options.ts';
import type { Paint } from '../../inspect/render/paint.ts';
import { oneLine } from '../../protocol/error/printable.ts';
import { TransportError, UsageError } from '../../protocol/error/transport-error.ts';
import type { LiveOutput } from '../live-output.ts';
import { startDevelopmentNode } from '../nodes/development-node.ts';
import { requestLine } from '../nodes/request-line.ts';
import { curlLines, type RouteToTry, urlOf } from './routes-to-try.ts';
import { workerOptions } from './worker-options.ts';

/** How an extension is developed. */
export interface DevSessionOptions {
  readonly file: string;
  /** Unique id of the extension; made from the name of the file or its folder where it is missing. */
  readonly id?: string;
  /** Release whose behaviour the node has. */
  readonly version?: string;
  /** Where nodes reach the extension, instead of the port that it asks for. */
  readonly port?: number;
  readonly httpPort?: number;
  readonly transportPort?: number;
  /** An extension that does not start is an error, instead of being waited for. */
  readonly once: boolean;
  readonly paint: Paint;
  /** Receives every line. */
  readonly output: LiveOutput;
  readonly signal: AbortSignal;
}

/** Time for the first answer of the extension, in milliseconds. */
const FIRST_ANSWER_MS = 10_000;

/** Characters of an answer that are shown. */
const SHOWN_CHARACTERS = 2_000;

/** A development node with an extension that is started anew whenever its files change. */
export class DevSession implements AsyncDisposable {
  readonly #options: DevSessionOptions;
  readonly #id: string;
  readonly #node: DevNode;
  readonly #supervisor: Supervisor;
  /** Why the extension did not start so far. */
  readonly #startFailure: () => TransportError | null;
  #isInitialized = false;

  private constructor(options: DevSessionOptions, supervisor: Supervisor, node: DevNode, startFailure: () => TransportError | null) {
    this.#startFailure = startFailure;
    this.#options = options;
    this.#id = options.id ?? idOf(options.file);
    this.#node = node;
    this.#supervisor = supervisor;
  }

  /** Starts the extension and the node, side by side. @throws ERR_USAGE for a file that does not exist, ERR_ENVIRONMENT, and what the node throws */
  static async start(options: DevSessionOptions): Promise<DevSession> {
    const { file, port, output, paint } = options;
    await checkFile(file);
    let failure: TransportError | null = null;
    const supervisor = supervise(file, {
      execArgv: workerOptions(file),
      signals: false,
      ...(port === undefined ? {} : { port }),
      onEvent: (event) => {
        // A file that does not start is tried again now and then; the same failure is told once.
        const isKnown = event.type === 'reloadFailed' && event.error.message === failure?.message;
        if (event.type === 'reloadFailed') failure = event.error;
        if (event.type === 'workerStarted') failure = null;
        const text = isKnown ? null : textOf(event, options);
        if (text !== null) output.print(text);
      },
    });
    let session: DevSession | null = null;
    const log = (event: DevNodeEvent): void => {
      // The requests before are our own.
      if (event.type === 'request' && session !== null && session.#isInitialized) output.print(requestLine(event, new Date(), paint));
    };
    try {
      const node = await startDevelopmentNode({ ...options, onEvent: log });
      session = new DevSession(options, supervisor, node, () => failure);
      return session;
    } catch (error) {
      await supervisor.close({ drainMs: 0 });
      throw error;
    }
  }

  /** Waits until the extension serves, makes the node initialise it, and prints what to try. @throws why the node refuses it; the reason of the signal */
  async initialize(): Promise<void> {
    const { signal, output, paint } = this.#options;
    await this.#listening();
    await this.#supervisor.initialize(this.#node.httpUrl, { name: this.#id, uniqueId: this.#id, signal });
    this.#isInitialized = true;
    const { version, httpUrl, address } = this.#node;
    const lines = curlLines(httpUrl, this.#id, this.#supervisor.routes);
    output.print(
      [
        `development node ${version} with the extension ${paint('bold', this.#id)}; nothing outlives it`,
        `  REST       ${httpUrl}`,
        `  transport  ${address}`,
        ...(lines.length === 0 ? ['the extension has no routes yet'] : ['try:', ...lines.map((line) => `  ${line}`)]),
      ].join('\n'),
    );
  }

  /** Asks for the first route of method GET and prints the answer. @throws ERR_USAGE if it is needed and there is no such route */
  async firstAnswer({ isNeeded }: { readonly isNeeded: boolean }): Promise<void> {
    const route = firstGet(this.#supervisor.routes);
    if (route === undefined && !isNeeded) return;
    if (route === undefined)
      throw new UsageError('ERR_USAGE', {}, `${this.#options.file} has no route for GET, so there is nothing to ask for`);
    const url = urlOf(this.#node.httpUrl, this.#id, route);
    const began = performance.now();
    const response = await fetch(url, { signal: AbortSignal.any([this.#options.signal, AbortSignal.timeout(FIRST_ANSWER_MS)]) });
    const text = await response.text();
    const ms = performance.now() - began;
    this.#options.output.print(`GET ${url} → ${response.status} in ${ms.toFixed(1)} ms\n${oneLine(text.slice(0, SHOWN_CHARACTERS))}`);
  }

  /** Resolves when nodes can reach the extension. A file that does not start is told of, and started again when it changes; with `once` that is an error. */
  #listening(): Promise<void> {
    const { signal, once } = this.#options;
    const supervisor = this.#supervisor;
    return new Promise((resolveNow, reject) => {
      const onAbort = (): void => reject(signal.reason as Error);
      signal.addEventListener('abort', onAbort, { once: true });
      const done = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolveNow();
      };
      if (once) supervisor.on('reloadFailed', ({ error }) => reject(error));
      if (once && this.#startFailure() !== null) reject(this.#startFailure() as TransportError);
      if (supervisor.endpoint === null) supervisor.on('listening', done);
      else done();
      if (signal.aborted) onAbort();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#supervisor.close({ drainMs: 500 });
    await this.#node.close();
  }
}

function textOf(event: SupervisorEvent, { paint, once }: DevSessionOptions): string | null {
  switch (event.type) {
    case 'reloaded': {
      const files = event.files.map((file) => relative(process.cwd(), file)).join(', ');
      return paint('cyan', `reloaded in ${event.tookMs.toFixed(0)} ms${files === '' ? '' : `: ${files}`}`);
    }
    case 'reloadFailed':
      return once ? null : paint('red', `${oneLine(event.error.message)}\nSave the file again when it is mended.`);
    case 'workerExited':
      return paint('red', `the extension ended (${event.signal ?? `exit code ${event.code}`}); it starts again in ${event.restartInMs} ms`);
    case 'requestReplayed':
      return paint('yellow', `${event.method ?? event.action} ${event.uri ?? ''} was given to the new worker`);
    case 'requestFailed':
      return paint('red', `${event.method ?? event.action} ${event.uri ?? ''} was answered ${event.status}: ${oneLine(event.reason)}`);
    case 'rejected':
      return paint('red', `the node refused routes: ${oneLine(event.error.message)}`);
    default:
      return null;
  }
}

function firstGet(routes: readonly RouteToTry[]): RouteToTry | undefined {
  const gets = routes.filter(({ method }) => method === 'GET');
  return gets.find(({ path }) => !path.includes('{')) ?? gets[0];
}

/** Names of files that say less than the name of their folder. */
const COMMON_NAMES: readonly string[] = ['main', 'index', 'extension', 'ext', 'app', 'server'];

/** Returns an id for the extension of a file: `hello` for `hello.js` and for `hello/main.js`. */
function idOf(file: string): string {
  const path = resolve(file);
  const name = basename(path, extname(path));
  const chosen = COMMON_NAMES.includes(name) ? basename(dirname(path)) : name;
  return chosen.toLowerCase().replace(/[^a-z0-9-]+/g, '-') || 'extension';
}

async function checkFile(file: string): Promise<void> {
  try {
    await access(file, constants.R_OK);
  } catch (error) {
    throw new TransportError('ERR_USAGE', { cause: error }, `cannot read '${file}', expected the file of an extension`);
  }
  if ((await stat(file)).isDirectory())
    throw new UsageError('ERR_USAGE', {}, `'${file}' is a directory, expected the file of an extension`);
}
