import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SignalRegistry } from '../../../../src/transport/util/signal-registry.ts';

function call(): { abort: ReturnType<typeof vi.fn<(reason: unknown) => void>> } {
  return { abort: vi.fn<(reason: unknown) => void>() };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('signal registry', () => {
  test('one listener a signal, however many calls; each call is told once, with the reason', () => {
    const registry = new SignalRegistry();
    const controllers = [new AbortController(), new AbortController()] as const;
    const calls = Array.from({ length: 2000 }, (_, i) => ({ signal: controllers[(i % 2) as 0 | 1].signal, call: call() }));
    for (const one of calls) registry.add(one.signal, one.call);
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
    registry.add(controller.signal, stays);
    registry.add(controller.signal, goes);
    registry.remove(controller.signal, goes);
    registry.remove(controller.signal, goes);
    registry.remove(new AbortController().signal, goes);
    controller.abort();
    expect([stays.abort.mock.calls.length, goes.abort.mock.calls.length]).toEqual([1, 0]);
  });

  test('a call that removes itself or another while it is told does no harm', () => {
    const registry = new SignalRegistry();
    const controller = new AbortController();
    const other = call();
    const first = call();
    first.abort.mockImplementation(() => {
      for (const one of [first, other]) registry.remove(controller.signal, one);
    });
    registry.add(controller.signal, first);
    registry.add(controller.signal, other);
    controller.abort();
    expect(first.abort).toHaveBeenCalledTimes(1);
  });

  test('a signal in use call after call keeps its listener, an idle one loses it after a while', () => {
    const registry = new SignalRegistry();
    const { signal } = new AbortController();
    const spy = vi.spyOn(signal, 'addEventListener');
    for (let i = 0; i < 100; i++) {
      const one = call();
      registry.add(signal, one);
      registry.remove(signal, one);
      vi.advanceTimersByTime(5);
    }
    expect(spy).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(3000);
    expect(registry.size).toBe(0);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    const again = call();
    registry.add(signal, again);
    vi.advanceTimersByTime(10_000);
    expect(registry.size).toBe(1);
  });

  test('after clear nothing is listened to', () => {
    const registry = new SignalRegistry();
    const controller = new AbortController();
    const one = call();
    registry.add(controller.signal, one);
    registry.clear();
    controller.abort();
    expect(one.abort).not.toHaveBeenCalled();
    expect(registry.size).toBe(0);
  });
});
