import type { NodeSocket } from './node-socket.ts';

/** Sockets that are probed at first. */
const FIRST_COUNT = 4;

/** Distance between them in the order in which they were accepted: neighbours often share an event loop. */
const STEP = 3;

/** Milliseconds after which the others are probed, too. */
const FIRST_MS = 20;

/** Milliseconds after which no socket is waited for any more: the node gives a request up after 10 seconds. */
const LAST_MS = 9_000;

/**
 * Returns the first socket of a node whose probe is answered.
 *
 * @param sockets those of the node, in the order in which they were accepted
 * @param own place of the one the request came by: it is probed first
 * @returns null if none answers within 9 seconds, or all have ended; never rejects
 */
export function firstResponsive(sockets: readonly NodeSocket[], own: number): Promise<NodeSocket | null> {
  const order = probeOrder(sockets.length, own);
  return new Promise((resolve) => {
    let waiting = 0;
    let timer: NodeJS.Timeout | undefined;
    let isOver = false;
    const settle = (socket: NodeSocket | null): void => {
      isOver = true;
      clearTimeout(timer);
      resolve(socket);
    };
    const probe = (places: readonly number[]): void => {
      for (const place of places) {
        const socket = sockets[place];
        if (socket?.isOpen !== true) continue;
        waiting++;
        void socket.probe().then((isAnswered) => {
          waiting--;
          if (isOver) return;
          if (isAnswered) settle(socket);
          else if (waiting === 0) settle(null);
        });
      }
    };
    const probeOthers = (): void => {
      timer = setTimeout(settle, LAST_MS - FIRST_MS, null);
      probe(order.slice(FIRST_COUNT));
    };
    probe(order.slice(0, FIRST_COUNT));
    if (waiting > 0) timer = setTimeout(probeOthers, FIRST_MS);
    else settle(null);
  });
}

/** Returns each place once: from `own` in steps, then those left over. */
export function probeOrder(count: number, own: number): readonly number[] {
  const order = new Set<number>();
  for (let i = 0; i < count; i++) order.add((own + i * STEP) % count);
  for (let place = 0; place < count; place++) order.add(place);
  return [...order];
}
