import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { Supervisor } from '../../src/extension/supervisor/supervisor.ts';
import { updateClusterSettings } from '../../src/protocol/action/shared/cluster-settings.ts';
import type { RemoteError } from '../../src/protocol/error/remote-error.ts';
import { createClient } from '../../src/transport/client/client.ts';
import type { SupervisorEvent } from '../../src/extension/supervisor/supervisor-options.ts';

const EXAMPLES = new URL('../../examples/', import.meta.url);

/** Bytes of a body that a node passes on in one piece. */
const UPLOAD_BYTES = 40_000_000;

/** A node: where it serves REST, and the transport. */
export interface ExampleNode {
  readonly address: string;
  readonly httpUrl: string;
}

/** An example that runs as a process of its own and is served by a node. */
class RunningExample implements AsyncDisposable {
  readonly #url: string;
  readonly #supervisor: Supervisor;

  private constructor(url: string, supervisor: Supervisor) {
    this.#url = url;
    this.#supervisor = supervisor;
  }

  /** Starts an example as `ostp dev` does, with its unique id. Resolves when the node serves it. */
  static async start(file: string, uniqueId: string, { httpUrl }: ExampleNode, env: Record<string, string> = {}): Promise<RunningExample> {
    const events: SupervisorEvent[] = [];
    const supervisor = new Supervisor(fileURLToPath(new URL(file, EXAMPLES)), {
      port: 0,
      watch: false,
      signals: false,
      output: 'ignore',
      env: { OPENSEARCH_URL: httpUrl, ...env },
      onEvent: (event) => events.push(event),
    });
    const seen = (type: SupervisorEvent['type']) => () => events.map((event) => event.type === type).includes(true);
    await expect.poll(seen('listening'), { timeout: 20_000 }).toBe(true);
    if (!file.startsWith('two-extensions/')) await supervisor.initialize(httpUrl, { name: uniqueId, uniqueId });
    await expect.poll(seen('registered'), { timeout: 20_000 }).toBe(true);
    return new RunningExample(`${httpUrl}/_extensions/_${uniqueId}`, supervisor);
  }

  async send(line: string, body?: unknown, contentType = 'application/json'): Promise<{ status: number; text: string; json: unknown }> {
    const [method = '', path = ''] = line.split(' ');
    const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    const init = text === undefined ? { method } : { method, body: text, headers: { 'content-type': contentType } };
    const response = await fetch(this.#url + path, init);
    const answer = await response.text();
    return { status: response.status, text: answer, json: answer.startsWith('{') ? JSON.parse(answer) : null };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#supervisor.close({ drainMs: 0 });
  }
}

/** What each example must do, by file. The two extensions are one entry. */
export const EXAMPLE_CHECKS: Readonly<Record<string, (node: ExampleNode) => Promise<void>>> = {
  async 'hello-extension/hello.js'(node) {
    await using hello = await RunningExample.start('hello-extension/hello.js', 'hello', node);
    expect(await hello.send('GET /hello')).toMatchObject({ status: 200, text: 'Hello, world' });
    expect(await hello.send('GET /hello/Ada')).toMatchObject({ status: 200, text: '{"greeting":"Hello, Ada"}' });
    expect(await hello.send('PUT /hello/Ada', { greeting: 'Good day' })).toMatchObject({ status: 201, text: '{"saved":true}' });
    expect(await hello.send('GET /hello/Ada?loud')).toMatchObject({ status: 200, text: '{"greeting":"GOOD DAY, ADA"}' });
    const error = { type: 'illegal_argument_exception', reason: 'greeting must be a string' };
    expect(await hello.send('PUT /hello/Ada', {})).toMatchObject({ status: 400, json: { status: 400, error } });
  },

  async 'five-lines.js'(node) {
    await using five = await RunningExample.start('five-lines.js', 'five-lines', node);
    expect(await five.send('GET /hello')).toMatchObject({ status: 200, text: 'Hello, world' });
    expect(await five.send('GET /hello/Ada')).toMatchObject({ status: 200, json: { greeting: 'Hello, Ada' } });
  },

  async 'notes-extension.js'(node) {
    await using notes = await RunningExample.start('notes-extension.js', 'notes-extension', node);
    expect(await notes.send('GET /notes')).toMatchObject({ status: 200, json: { total: 0, notes: [] } });
    const missing = { error: { type: 'note_not_found_exception', reason: 'no such note [1]' } };
    expect(await notes.send('GET /notes/1')).toMatchObject({ status: 404, json: missing });
    expect(await notes.send('PUT /notes/1', { text: 'Buy milk', tags: ['shop'] })).toMatchObject({ status: 201, json: { id: '1' } });
    const created = await notes.send('POST /notes', { text: 'Call Ada about the milk' });
    expect(created).toMatchObject({ status: 201, json: { id: expect.any(String) as string } });
    expect(await notes.send('GET /notes/1')).toMatchObject({ status: 200, json: { id: '1', text: 'Buy milk', tags: ['shop'] } });
    expect(await notes.send('PUT /notes/1', { text: 'Buy bread' })).toMatchObject({ status: 200, json: { id: '1', version: 2 } });
    expect(await notes.send('GET /notes')).toMatchObject({ json: { total: 2 } });
    const found = { total: 1, notes: [{ text: 'Call Ada about the milk', tags: [] }] };
    expect(await notes.send('GET /notes?q=milk&size=5')).toMatchObject({ status: 200, json: found });
    expect(await notes.send('GET /notes?size=1000')).toMatchObject({ status: 400 });
    expect(await notes.send('POST /notes', { text: '' })).toMatchObject({ status: 400 });
    expect(await notes.send('DELETE /notes/1')).toMatchObject({ status: 200, json: { id: '1', deleted: true } });
    expect(await notes.send('DELETE /notes/1')).toMatchObject({ status: 404, json: missing });
  },

  async 'greeter-settings.js'(node) {
    await using greeter = await RunningExample.start('greeter-settings.js', 'greeter-settings', node);
    await using client = createClient({ nodes: [node.address], profile: 'single' });
    const put = (persistent: Record<string, string | null>) =>
      client.call(updateClusterSettings, { persistent }).then(
        () => 200,
        (error: RemoteError) => error.status,
      );
    expect(await greeter.send('GET /hello/Ada')).toMatchObject({ json: { greeting: 'Hello, Ada' } });
    // The supervisor serves routes before its worker has registered the settings.
    const first = { 'custom.greeter.greeting': 'Ahoy', 'custom.greeter.repeat': '2' };
    await expect.poll(() => put(first), { timeout: 10_000 }).toBe(200);
    const greeting = async () => (await greeter.send('GET /hello/Ada')).json;
    await expect.poll(greeting, { timeout: 10_000 }).toEqual({ greeting: 'Ahoy, Ada! Ahoy, Ada' });
    expect(await put({ 'custom.greeter.repeat': '9' })).toBe(400);
    expect(await put({ 'custom.greeter.greeting': null, 'custom.greeter.repeat': null })).toBe(200);
    await expect.poll(greeting, { timeout: 10_000 }).toEqual({ greeting: 'Hello, Ada' });
  },

  async 'two-extensions/greeter.js and two-extensions/counter.js'(node) {
    await using greeter = await RunningExample.start('two-extensions/greeter.js', 'greeter', node);
    await using counter = await RunningExample.start('two-extensions/counter.js', 'counter', node);
    expect(await counter.send('GET /counts')).toMatchObject({ status: 200, json: { counts: [] } });
    expect(await greeter.send('GET /greet/Ada')).toMatchObject({ status: 200, json: { greeting: 'Hello, Ada', count: 1 } });
    expect(await greeter.send('GET /greet/Ada')).toMatchObject({ status: 200, json: { count: 2 } });
    const counts = [{ name: 'Ada', count: 2, greeting: 'Hello, Ada' }];
    expect(await counter.send('GET /counts')).toMatchObject({ status: 200, json: { counts } });
  },

  async 'upload.js'(node) {
    const folder = await mkdtemp(join(tmpdir(), 'example-uploads-'));
    try {
      await using upload = await RunningExample.start('upload.js', 'upload', node, { UPLOADS: folder });
      const line = `${JSON.stringify({ text: 'x'.repeat(88) })}\n`;
      const body = line.repeat(UPLOAD_BYTES / line.length);
      expect(body).toHaveLength(UPLOAD_BYTES);
      const facts = { bytes: UPLOAD_BYTES, lines: UPLOAD_BYTES / line.length, sha256: createHash('sha256').update(body).digest('hex') };
      expect(await upload.send('PUT /uploads/logs', body, 'application/x-ndjson')).toMatchObject({ status: 201, json: facts });
      expect(await upload.send('GET /uploads/logs')).toMatchObject({ status: 200, json: facts });
      expect(await upload.send('GET /uploads/none')).toMatchObject({ status: 404 });
      expect(await upload.send('PUT /uploads/a.b', '{}\n', 'application/x-ndjson')).toMatchObject({ status: 400 });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
