/* oxlint-disable unicorn/no-thenable -- this is what users are told not to do */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isThenable, mayBeThenable } from '../../src/transport/util/user-code.ts';
import { withoutComments } from './specifiers.ts';

const SRC = new URL('../../src/', import.meta.url);

/** Rooms that call functions of users while connections are open. */
const ROOMS = ['transport', 'extension'];

/**
 * Every way to call a function of a user, and the only files that do it, each with what keeps it from doing harm. Whoever adds a file here says how the
 * call of the user fails alone: with what is thrown, with what comes late or never, and with a call back into the package.
 */
const CALLS: readonly [what: string, pattern: RegExp, files: Readonly<Record<string, string>>][] = [
  [
    'a codec that reads',
    /\.read\(input\)/,
    {
      'transport/channel/incoming-calls.ts': 'caught in serve(), and by the head of a stream; the request is answered with an error',
      'transport/channel/outgoing-calls.ts': 'caught in settle(), and by the head of a stream; what a promise would wait for is refused',
      'transport/channel/stream-head.ts': 'caught in push(); the message fails',
    },
  ],
  [
    'a codec that writes',
    /\.write\(output, /,
    {
      'transport/channel/incoming-calls.ts': 'caught, the frame is rolled back; the writer refuses a message within a message',
      'transport/channel/outgoing-calls.ts': 'caught, the frame is rolled back, the call leaves the table',
    },
  ],
  [
    'a handler',
    /#handler\(|\.handler\(/,
    {
      'transport/call/dispatcher.ts': 'caught in IncomingCalls, as is the getter `then` of its answer; promises by adopt()',
      'extension/rest/route-executor.ts': 'caught, as is the getter `then` of its answer; promises by adopt(), with a deadline',
    },
  ],
  [
    'a handler of a transport action of an extension',
    /\bhandler\(requestBytes|await handler\(/,
    {
      'extension/actions/action-executor.ts': 'within a promise, which is waited for by adopt(), with a deadline',
      'extension/actions/typed-action.ts': 'within the function that action-executor.ts calls',
    },
  ],
  [
    'interceptors',
    /service\(\{|#service\(|interceptor\(next\)/,
    {
      'transport/call/call.ts': 'thrown where the interceptor is added',
      'transport/call/dispatcher.ts': 'as handlers; a handler whose answer they ignore is no unhandled rejection',
      'transport/client/intercepted-calls.ts':
        'caught; promises by adopt(); deadline, signal and close of the call apply; no answer that a promise would wait for',
    },
  ],
  ['a listener', /listener\(event\)/, { 'transport/util/listeners.ts': 'tell(): a process warning' }],
  [
    'subscribers of node:diagnostics_channel',
    /\.publish\(/,
    {
      'transport/call/diagnostics.ts': 'Node.js catches what they throw and reports it as an uncaught exception',
      'transport/channel/channel-life.ts': 'the same, once the state has changed',
      'transport/channel/outgoing-calls.ts': 'the same, once the call is settled',
      'transport/channel/request-ended.ts': 'the same, once the charge is given back',
    },
  ],
  [
    'a signal of a caller',
    /signal\.(?:addEventListener|removeEventListener|reason)\b|signal\?\.aborted/,
    {
      'transport/util/signal-registry.ts': 'thrown to its own call, or caught; one that fires at once or twice is told from others',
      'transport/util/user-code.ts': 'caught in reasonOfSignal()',
      'transport/channel/outgoing-calls.ts': 'caught in call()',
      'transport/client/client.ts': 'caught in call()',
      'transport/client/node-pool.ts': 'within the executor of a promise',
      'transport/carrier/dialling.ts': 'a signal of this package, or a caller that dials by hand',
      'transport/carrier/memory.ts': 'as in dialling.ts',
      'extension/initialize/arrivals.ts': 'signals of this package',
      'extension/initialize/initializer.ts': 'checked by isSignal; within an async function; its reason by reasonOfSignal()',
      'extension/node/limited.ts': 'within an async function; its reason by reasonOfSignal()',
      'extension/settings/settings-watch.ts': 'the signal of a channel of this package',
    },
  ],
  ['`random` of the reconnection', /[^.]random\(\)/, { 'transport/util/back-off.ts': 'caught; the client may be closed in it' }],
  [
    'the source of a stream',
    /for await|\.sourceIn|Symbol\.(?:asyncIterator|iterator)\]\(\);|open\.call|close\.call/,
    {
      'transport/channel/outgoing-stream.ts': 'caught in #write(); closed when its channel ends, what it gives then is dropped',
      'transport/channel/unsent-source.ts': 'caught in closeSource()',
    },
  ],
];

test.each(CALLS)('%s is called in these files only', (_what, pattern, files) => {
  const found = sources().filter(([, source]) => pattern.test(source));
  expect(found.map(([file]) => file).sort()).toEqual(Object.keys(files).sort());
});

test('promises of users are waited for by adopt() only: no file of the channels has a `then` of its own on what they return', () => {
  const found = sources().filter(
    ([file, source]) => /^transport\/(?:call|channel)\//.test(file) && /Promise\.resolve\((?!\))/.test(source),
  );
  expect(found.map(([file]) => file)).toEqual([]);
});

const nothing = (): void => undefined;
const never = (): never => {
  throw new Error('code of the user ran');
};

test.each<[what: string, value: unknown, mayBe: boolean]>([
  ['nothing', null, false],
  ['a text', 'text', false],
  ['an object', { n: 1 }, false],
  ['an object without a prototype', Object.create(null), false],
  ['bytes', Buffer.alloc(1), false],
  ['a field `then` that is no function', { then: 'text' }, false],
  ['an inherited field `then`', Object.create({ then: undefined }), false],
  ['a function', nothing, false],
  ['a class', class {}, false],
  ['a promise', Promise.resolve(), true],
  ['a method `then`', thenOf({ value: nothing }), true],
  ['a function with a method `then`', Object.assign(() => undefined, thenOf({ value: nothing, enumerable: true })), true],
  ['a getter `then`', thenOf({ get: never }), true],
  ['an inherited getter `then`', Object.create(thenOf({ get: never })), true],
  ['a setter `then`', thenOf({ set: never }), true],
  ['a proxy', new Proxy({}, { get: never, has: never, getPrototypeOf: never }), true],
  ['a proxy of a function', new Proxy(nothing, { get: never }), true],
  ['a child of a proxy', Object.create(new Proxy({}, { get: never, has: never, getPrototypeOf: never })), true],
])('whether a promise might wait for it is told without running it: %s', (_what, value, mayBe) => {
  expect(mayBeThenable(value)).toBe(mayBe);
});

test('functions with a method `then` are thenables as well', () => {
  expect(isThenable(Object.assign(() => undefined, thenOf({ value: nothing, enumerable: true })))).toBe(true);
  expect(isThenable(nothing)).toBe(false);
});

function thenOf(property: PropertyDescriptor): object {
  return Object.defineProperty({}, 'then', property);
}

function sources(): [file: string, source: string][] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && ROOMS.some((room) => file.startsWith(`${room}/`)))
    .map((file) => [file, withoutComments(readFileSync(new URL(file, SRC), 'utf8'))]);
}
