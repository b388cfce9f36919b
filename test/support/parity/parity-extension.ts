import { extension, json, response, setting, StatusError, text, type Extension } from '../../../src/extension/index.ts';

/** Where a node serves the routes of the extension. */
export const PARITY_PREFIX = '/_extensions/_parity';

/** An extension with routes of every kind. It is the same for every node. */
export function parityExtension(): Extension {
  const ext = extension({ port: 0, timeoutMs: 1000 });
  const greeting = ext.setting(setting.string('custom.parity.greeting', { default: 'Hello', dynamic: true, matches: /^\w+$/ }));
  ext.setting(setting.integer('custom.parity.count', { default: 5, min: 1, max: 10, dynamic: true }));
  ext.get('/hello', () => 'hello');
  ext.get('/greeting', () => greeting.value);
  ext.get('/hello/{name}', ({ params, query, path, opaqueId }) => json({ params, query, path, opaqueId }));
  ext.get('/lax', () => 'lax', { strictParams: false });
  ext.get('/strict', () => 'strict', { strictParams: true });
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'] as const) ext.route(method, '/method', () => method);
  ext.post('/echo', ({ body, contentType }) => response({ body: body.bytes, contentType: contentType ?? 'none/none' }));
  ext.post('/json', ({ body }) => ({ got: body.json() }));
  ext.post('/size', ({ body }) => ({ size: body.bytes.length }));
  ext.get('/big', () => Buffer.alloc(5_000_000, 'opensearch'));
  ext.get('/status/{code}', ({ params }) => json({ code: params.code }, { status: Number(params.code) }));
  ext.get('/headers', () => text('ü', { headers: { 'X-One': 'a', 'X-Many': ['b', 'c, d', 'é'], 'Content-Length': '5' } }));
  ext.get('/broken-header', () => text('x', { headers: { 'X-One': 'a\r\nb' } }));
  ext.get('/thrown/{how}', ({ params }) => thrown(params.how));
  ext.get('/never', () => new Promise<string>(() => undefined));
  ext.deprecated('GET', '/old', 'use /hello', () => 'old');
  return ext;
}

function thrown(how: string): never {
  if (how === 'status') throw new StatusError(409, 'note_conflict_exception', 'already there', { headers: { 'X-One': ['7'] } });
  if (how === 'range') throw new RangeError('too far');
  throw new TypeError('boom');
}
