import { describe, expect, test } from 'vitest';
import { defineAction } from '../../../../src/protocol/action/define-action.ts';
import { struct } from '../../../../src/protocol/codec/combinators.ts';
import { vInt } from '../../../../src/protocol/codec/primitives.ts';
import { Dispatcher, type HandlerOptions, type Registration, unknownAction } from '../../../../src/transport/call/dispatcher.ts';
import type { Interceptor } from '../../../../src/transport/call/call.ts';
import type { ServerCallContext } from '../../../../src/transport/call/server-context.ts';

const action = defineAction({ name: 'demo:one', request: struct({ n: vInt }), response: struct({ n: vInt }) });

function registered(dispatcher: Dispatcher, options: HandlerOptions = {}, handler: (n: number) => unknown = (n) => ({ n })): Registration {
  dispatcher.handle(action, (({ n }: { n: number }) => handler(n)) as never, options);
  return dispatcher.find(action.name) as Registration;
}

function context(ended = new AbortController().signal): ServerCallContext {
  return { channel: { ended }, throwIfFull: () => undefined } as unknown as ServerCallContext;
}

describe('registry', () => {
  test('a name can be taken once', () => {
    const dispatcher = new Dispatcher();
    registered(dispatcher);
    expect(() => registered(dispatcher)).toThrow(expect.objectContaining({ code: 'ERR_DUPLICATE_ACTION' }));
    expect(dispatcher.actions).toEqual(['demo:one']);
    expect(dispatcher.find('demo:two')).toBeUndefined();
    expect(dispatcher.find('__proto__')).toBeUndefined();
    expect(unknownAction('demo:two')).toMatchObject({ code: 'ERR_UNKNOWN_ACTION', message: 'No handler for action [demo:two]' });
  });

  test.each([0, -1, Number.NaN, 0.5])('a concurrency of %d is refused: nobody would ever have a turn', (concurrency) => {
    expect(() => registered(new Dispatcher(), { concurrency })).toThrow(expect.objectContaining({ code: 'ERR_CONFIG' }));
  });

  test('interceptors wrap the handler, the first outermost', async () => {
    const order: string[] = [];
    const dispatcher = new Dispatcher(
      ['a', 'b'].map((name) => (next) => async (call) => {
        order.push(`${name} in`);
        const answer = await next(call);
        order.push(`${name} out`);
        return answer;
      }),
    );
    const registration = registered(dispatcher, {}, (n) => {
      order.push('handler');
      return { n };
    });
    expect(await registration.run({ n: 1 }, context())).toEqual({ n: 1 });
    expect(order).toEqual(['a in', 'b in', 'handler', 'b out', 'a out']);
  });

  test('an exempt handler is behind the interceptors like any other, a handshake is not', () => {
    const refusing: Interceptor<ServerCallContext> = () => () => {
      throw new Error('who are you?');
    };
    const dispatcher = new Dispatcher([refusing]);
    const registration = registered(dispatcher, { exempt: true });
    expect(() => registration.run({ n: 1 }, context())).toThrow('who are you?');
    const hello = defineAction({ name: 'demo:hello', request: struct({ n: vInt }), response: struct({ n: vInt }) });
    dispatcher.handleHandshake(hello, (request) => request);
    expect(dispatcher.find('demo:hello')?.run({ n: 1 }, context())).toEqual({ n: 1 });
    expect(dispatcher.find('demo:hello')?.exempt).toBe(true);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['an answer', { n: 1 }],
    ['a promise of a service', Promise.resolve(() => undefined)],
  ])('an interceptor that returns %s instead of a service is refused where it is added', (_what, returned) => {
    const dispatcher = new Dispatcher([(next) => next, (() => returned) as never]);
    expect(() => registered(dispatcher)).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG', message: expect.stringContaining('interceptors[1] must return a function') }),
    );
  });
});

describe('concurrency', () => {
  test('so many at once, the others in turn, whatever becomes of those before', async () => {
    const ends: ((fail: boolean) => void)[] = [];
    let running = 0;
    let most = 0;
    const registration = registered(new Dispatcher(), { concurrency: 2 }, async (n) => {
      most = Math.max(most, ++running);
      const fail = await new Promise<boolean>((resolve) => ends.push(resolve));
      running--;
      if (fail) throw new Error(`failed ${n}`);
      return { n };
    });
    const answers = Array.from({ length: 7 }, (_, n) =>
      Promise.resolve(registration.run({ n }, context())).catch((error: Error) => error.message),
    );
    for (let n = 0; n < 7; n++) {
      await expect.poll(() => ends.length).toBeGreaterThan(n);
      ends[n]?.(n % 3 === 0);
    }
    expect(await Promise.all(answers)).toEqual(['failed 0', { n: 1 }, { n: 2 }, 'failed 3', { n: 4 }, { n: 5 }, 'failed 6']);
    expect(most).toBe(2);
    const last = registration.run({ n: 8 }, context());
    ends[7]?.(false);
    await expect.poll(() => ends.length).toBe(8);
    ends[7]?.(false);
    expect(await last).toEqual({ n: 8 });
  });

  test('whose caller has gone by its turn is not run, and passes the turn on', async () => {
    const ran: number[] = [];
    let first: (value: unknown) => void = () => undefined;
    const registration = registered(new Dispatcher(), { concurrency: 1 }, (n) => {
      ran.push(n);
      return n === 0 ? new Promise((resolve) => (first = resolve)) : { n };
    });
    const gone = new AbortController();
    const answers = [
      registration.run({ n: 0 }, context()),
      Promise.resolve(registration.run({ n: 1 }, context(gone.signal))).catch((error: Error) => error.name),
      registration.run({ n: 2 }, context()),
    ];
    gone.abort();
    first({ n: 0 });
    expect(await Promise.all(answers)).toEqual([{ n: 0 }, 'AbortError', { n: 2 }]);
    expect(ran).toEqual([0, 2]);
  });

  test('whose caller does not read answers by its turn is not run either', async () => {
    const ran: number[] = [];
    const registration = registered(new Dispatcher(), { concurrency: 1 }, async (n) => {
      ran.push(n);
      return { n };
    });
    const full = (): never => {
      throw new Error('full');
    };
    const deaf = Object.assign(context(), { throwIfFull: full });
    const answers = [
      registration.run({ n: 0 }, context()),
      Promise.resolve(registration.run({ n: 1 }, deaf)).catch((error: Error) => error.message),
      registration.run({ n: 2 }, context()),
    ];
    expect(await Promise.all(answers)).toEqual([{ n: 0 }, 'full', { n: 2 }]);
    expect(ran).toEqual([0, 2]);
  });
});
