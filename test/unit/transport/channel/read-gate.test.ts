import { expect, test } from 'vitest';
import type { Link } from '../../../../src/transport/carrier/link.ts';
import { ReadGate } from '../../../../src/transport/channel/read-gate.ts';
import type { Writer } from '../../../../src/transport/channel/writer.ts';

interface Setting {
  readonly gate: ReadGate;
  readonly writer: { isStuck: boolean; bufferedBytes: number };
  readonly told: string[];
}

function gateOf(pauseBytes: number, readOn: (gate: ReadGate) => void = () => undefined): Setting {
  const told: string[] = [];
  const link = { pause: () => told.push('pause'), resume: () => told.push('resume') } as unknown as Link;
  const writer = { isStuck: false, bufferedBytes: 0 };
  const gate = new ReadGate(link, writer as Writer, pauseBytes);
  gate.attach({
    readOn: () => {
      told.push('read on');
      readOn(gate);
    },
  });
  return { gate, writer, told };
}

test('the first reason pauses the link, the end of the last one reads on and resumes it', () => {
  const { gate, told } = gateOf(1000);
  gate.pause();
  gate.pause();
  expect([gate.isOpen, gate.mayRead()]).toEqual([false, false]);
  gate.resume();
  expect(told).toEqual(['pause']);
  gate.resume();
  expect([gate.isOpen, told]).toEqual([true, ['pause', 'read on', 'resume']]);
});

test('a reader that pauses while it reads on keeps the link paused', () => {
  const { gate, told } = gateOf(1000, (self) => self.pause());
  gate.pause();
  gate.resume();
  expect([gate.isOpen, told]).toEqual([false, ['pause', 'read on', 'pause']]);
});

test('an accepting end does not read a peer that does not read, until the writer has room again', () => {
  const { gate, writer, told } = gateOf(1000);
  Object.assign(writer, { isStuck: true, bufferedBytes: 1000 });
  expect(gate.mayRead()).toBe(true);
  writer.bufferedBytes++;
  expect([gate.mayRead(), gate.mayRead()]).toEqual([false, false]);
  gate.onWriterDrain();
  gate.onWriterDrain();
  expect(told).toEqual(['pause', 'read on', 'resume']);
});

test('a dialling end reads on: if both ends waited, neither would read', () => {
  const { gate, writer } = gateOf(Number.POSITIVE_INFINITY);
  Object.assign(writer, { isStuck: true, bufferedBytes: 100 * 1024 * 1024 });
  expect(gate.mayRead()).toBe(true);
});

test('after the end of the channel nothing is read or resumed', () => {
  const { gate, told } = gateOf(1000);
  gate.pause();
  gate.close();
  gate.resume();
  expect(told).toEqual(['pause']);
});
