import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SignalRegistry } from '../../../../src/transport/util/signal-registry.ts';

function call(): { abort: ReturnType<typeof vi.fn<(reason: unknown) => void>> } {
  return { abort: vi.fn<(reason: unknown) => void>() };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  // The wheel is the process's: it shall not wait for a tick of a clock that is gone.
  vi.advanceTimersByTime(5000);
  vi.useRealTimers();
});

describe('signal registry', () => {
  test('one listener a signal, however many calls; each call is told once, with the reason', () => {
    const registry = new SignalRegistry();
    const controllers = [new AbortController(), new AbortController()] as const;
    const calls = Array.from({ length: 2000 }, (_, i) => ({ signal: controllers[(i % 2) as 0 | 1].signal, call: call() }));
    for (const one of calls) registry.watch(one.signal, one.call);
    expect(registry.size).toBe(2);
    for (const { signal } of controllers) expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    controllers[0].abort('enough');
    expect(calls.filter(({ call: { abort } }) => abort.mock.calls.length === 1)).toHaveLength(1000);
    expect(calls[0]?.call.abort).toHaveBeenCalledWith('enough');
    expect(registry.size).toBe(1);
    expect(getEventListeners(controllers[0].signal, 'abort')).toHaveLength(0);
    controllers[0].abort('again');
    expect(calls[0]?.call.abort).toHaveBeenCalledTimes(1);
  });

  test('a call that was removed is not told', () => {
    const registry = new SignalRegistry();
    const controller = new AbortController();
    const [stays, goes] = [call(), call()];
    registry.watch(controller.signal, stays);
    const watch = registry.watch(controller.signal, goes);
    watch.end();
    watch.end();
    controller.abort();
    expect([stays.abort.mock.calls.length, goes.abort.mock.calls.length]).toEqual([1, 0]);
  });

  test('a call that removes itself or another while it is told does no harm', () => {
    const registry = new SignalRegistry();
    const controller = new AbortController();
    const calls = Array.from({ length: 3 }, call);
    const watches = calls.map((one) => registry.watch(controller.signal, one));
    for (const { abort } of calls) abort.mockImplementation(() => watches.forEach((watch) => watch.end()));
    controller.abort();
    expect(calls.filter(({ abort }) => abort.mock.calls.length > 0)).toHaveLength(1);
  });

  test('in whatever order calls end, those that are left are told', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 12 }), fc.infiniteStream(fc.nat()), (ends, order) => {
        const registry = new SignalRegistry();
        const controller = new AbortController();
        const watched = ends.map((ended) => {
          const one = call();
          return { ended, one, watch: registry.watch(controller.signal, one), turn: order.next().value as number };
        });
        for (const { watch } of watched.filter(({ ended }) => ended).sort((a, b) => a.turn - b.turn)) watch.end();
        controller.abort();
        for (const { ended, one } of watched) expect(one.abort).toHaveBeenCalledTimes(ended ? 0 : 1);
        expect(registry.size).toBe(0);
      }),
    );
  });

  test('a signal in use call after call keeps its listener, an idle one loses it after a while', () => {
    const registry = new SignalRegistry();
    const { signal } = new AbortController();
    const spy = vi.spyOn(signal, 'addEventListener');
    for (let i = 0; i < 100; i++) {
      registry.watch(signal, call()).end();
      vi.advanceTimersByTime(5);
    }
    expect(spy).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(3000);
    expect(registry.size).toBe(0);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    registry.watch(signal, call());
    vi.advanceTimersByTime(10_000);
    expect(registry.size).toBe(1);
  });

  test('after clear nothing is listened to', () => {
    const registry = new SignalRegistry();
    const controller = new AbortController();
    const one = call();
    registry.watch(controller.signal, one);
    registry.clear();
    controller.abort();
    expect(one.abort).not.toHaveBeenCalled();
    expect(registry.size).toBe(0);
  });
});
