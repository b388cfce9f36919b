import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addSettingsUpdateConsumer,
  registerCustomSettings,
  registerRestActions,
  type RegisterRestActionsRequest,
  registerTransportActions,
} from '../../src/protocol/action/extension/extension-to-node.ts';
import { type HttpMethod, initializeExtension, restExecuteOnExtension } from '../../src/protocol/action/extension/node-to-extension.ts';
import { httpCodeOf } from '../../src/protocol/codec/rest-status.ts';
import { toTransportAddress } from '../../src/protocol/codec/ip-address.ts';
import { V_2_19_0, type VersionId } from '../../src/protocol/wire/version.ts';
import { type Client, createClient } from '../../src/transport/client/client.ts';
import { ownNode } from '../../src/transport/channel/own-identity.ts';
import type { SupervisorEvent, SupervisorOptions } from '../../src/extension/supervisor/supervisor-options.ts';
import { supervise, type Supervisor } from '../../src/extension/supervisor/supervisor.ts';

const EXTENSION = new URL('../../dist/extension/index.js', import.meta.url).href;

/** A request of a client of the node. */
export interface Asked {
  readonly method?: HttpMethod;
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the client of the node is answered. */
export interface Got {
  readonly status: number;
  readonly text: string;
  readonly consumed: readonly string[];
}

/** A node that initialises an extension, takes its registrations and sends it REST requests on thirteen sockets. */
export class ScriptedHost {
  readonly uniqueId: string;
  readonly client: Client;
  readonly registrations: RegisterRestActionsRequest[] = [];
  /** Keys of settings, names of actions and keys of consumers that came, in order. */
  readonly registered: string[] = [];
  readonly #version: VersionId;

  constructor(port: number, { uniqueId = 'hello', version = V_2_19_0 }: { uniqueId?: string; version?: VersionId } = {}) {
    this.uniqueId = uniqueId;
    this.#version = version;
    this.client = createClient({
      nodes: [`127.0.0.1:${port}`],
      profile: 'node',
      reconnect: false,
      identity: { nodeName: `node of ${uniqueId}` },
    });
    this.client.handle(registerRestActions, (request) => {
      this.registrations.push(request);
      return { status: true };
    });
    this.client.handle(registerCustomSettings, ({ settings }) => {
      for (const { key } of settings) this.registered.push(key);
      return { status: true };
    });
    this.client.handle(registerTransportActions, ({ transportActions }) => {
      this.registered.push(...transportActions);
      return { status: true };
    });
    this.client.handle(addSettingsUpdateConsumer, ({ settings }) => {
      for (const { key } of settings) this.registered.push(`consumer of ${key}`);
      return { status: true };
    });
    this.client.handleOthers((body, { action, headers }) =>
      Buffer.from(`${uniqueId} ${action} ${headers['X-Opaque-Id'] ?? ''} ${body.toString()}`),
    );
  }

  async initialise(): Promise<void> {
    const node = ownNode({ ...this.client.identity, version: this.#version }, { host: '127.0.0.1', port: 9300 });
    await this.client.call(initializeExtension, {
      sourceNode: node,
      extension: {
        ...node,
        id: this.uniqueId,
        name: `name of ${this.uniqueId}`,
        address: toTransportAddress({ host: '127.0.0.1', port: 1 }),
        minimumCompatibleVersionId: V_2_19_0,
      },
    });
  }

  /** Sends a REST request as a node does: a generic route gives it the segments of the path as parameters. */
  async rest(path: string, { method = 'GET', params = {}, body = '', headers = {} }: Asked = {}): Promise<Got> {
    const query = new URLSearchParams(params).toString();
    const segments = path.split('/').filter((text) => text !== '');
    const generic = Object.fromEntries(segments.map((text, at) => [`__${at + 1}`, decodeURIComponent(text)]));
    const answer = await this.client.call(
      restExecuteOnExtension,
      {
        method,
        uri: `/_extensions/_${this.uniqueId}${path}${query === '' ? '' : `?${query}`}`,
        path: decodeURIComponent(path),
        params: { ...params, ...generic },
        mediaType: body === '' ? null : 'application/json',
        content: Buffer.from(body),
      },
      { headers, timeoutMs: 20_000 },
    );
    return { status: httpCodeOf(answer.status), text: answer.content.toString(), consumed: [...answer.consumedParams].sort() };
  }

  close(): Promise<void> {
    return this.client.close({ drainMs: 0 });
  }
}

/** An extension file in a folder of its own, its supervisor, and what that told. */
export class SupervisedFile implements AsyncDisposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'supervised-'));
  readonly events: SupervisorEvent[] = [];
  readonly #hosts: ScriptedHost[] = [];
  #supervisor: Supervisor | null = null;

  get file(): string {
    return join(this.folder, 'ext.mjs');
  }

  get supervisor(): Supervisor {
    return this.#supervisor as Supervisor;
  }

  /** Writes the file: `body` has `ext`, and `sleep` of node:timers/promises. `last` is executed once it listens. */
  write(body: string, options = '{ port: 0 }', last = ''): void {
    writeFileSync(
      this.file,
      `import { setTimeout as sleep } from 'node:timers/promises';
import * as door from ${JSON.stringify(EXTENSION)};
const { extension } = door;
const ext = extension(${options});
${body}
await ext.listen();
${last}
`,
    );
  }

  async start(options: SupervisorOptions = {}): Promise<void> {
    this.#supervisor = supervise(this.file, {
      output: 'ignore',
      execArgv: [],
      signals: false,
      ...options,
      onEvent: (event) => void this.events.push(event),
    });
    await this.next('workerStarted', 1);
  }

  /** Waits until so many events of a type came, and returns the last. */
  async next<Type extends SupervisorEvent['type']>(type: Type, count: number): Promise<Extract<SupervisorEvent, { type: Type }>> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const found = this.events.filter((event) => event.type === type);
      if (found.length >= count) return found[count - 1] as never;
      if (Date.now() > deadline) throw new Error(`no ${type} no. ${count} in ${JSON.stringify(this.events)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Returns how many events of a type came. */
  count(type: SupervisorEvent['type']): number {
    return this.events.filter((event) => event.type === type).length;
  }

  /** Connects a node and lets it initialise the extension. */
  async host(how: ConstructorParameters<typeof ScriptedHost>[1] = {}): Promise<ScriptedHost> {
    const before = this.count('registered');
    const host = new ScriptedHost(this.supervisor.endpoint?.port ?? 0, how);
    this.#hosts.push(host);
    await host.initialise();
    await this.next('registered', before + 1);
    return host;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const host of this.#hosts) await host.close();
    await this.#supervisor?.close({ drainMs: 0 });
    await rm(this.folder, { recursive: true, force: true });
  }
}
