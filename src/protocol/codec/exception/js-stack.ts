import type { RemoteStackFrame } from '../../error/remote-error.ts';

const MAX_FRAMES = 50;
const MAX_LINE_LENGTH = 1_000;

/** `    at async Notes.find (file:///app/notes.ts:12:5)`, with or without a function. */
const LINE = /^\s+at (?:(?:async )?(.+?) \()?(.*?):(\d+):\d+\)?$/;

/** Class of functions that do not belong to a class. */
const NO_CLASS = 'javascript';

/** Returns at most 50 frames of a JavaScript stack, innermost first. Files appear by name, without their folders. */
export function stackFrames(stack: string | undefined): RemoteStackFrame[] {
  const lines = (stack ?? '').split('\n').filter((line) => line.length <= MAX_LINE_LENGTH);
  const frames = lines.map((line) => LINE.exec(line));
  return frames.flatMap((match) => (match === null ? [] : [frameOf(match)])).slice(0, MAX_FRAMES);
}

function frameOf([, name = '<anonymous>', file = '', line]: RegExpExecArray): RemoteStackFrame {
  const dot = name.lastIndexOf('.');
  return {
    class: dot > 0 ? name.slice(0, dot) : NO_CLASS,
    file: file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1),
    method: name.slice(dot + 1),
    line: Number(line),
  };
}
