// The actions that the attacked server serves. Made of the package under attack, whose folder is an argument.
import { pathToFileURL } from 'node:url';

/** Loads a module of the built package in a folder. */
export function load(folder, module) {
  return import(pathToFileURL(`${folder}/dist/${module}`).href);
}

/** The demonstration actions. */
export async function demoActions(folder) {
  const { bytes, defineAction, empty, list, map, stream, string, struct, vInt } = await load(folder, 'index.js');
  const { genericValue } = await load(folder, 'protocol/index.js');
  const point = struct({ x: vInt, y: vInt, tags: list(string) });
  return {
    echo: defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string }) }),
    bytes: defineAction({ name: 'demo:bytes', request: struct({ body: bytes }), response: struct({ body: bytes }) }),
    points: defineAction({ name: 'demo:points', request: struct({ points: list(point) }), response: struct({ count: vInt }) }),
    generic: defineAction({ name: 'demo:generic', request: struct({ value: genericValue }), response: empty }),
    settings: defineAction({ name: 'demo:settings', request: struct({ settings: map(string) }), response: struct({ count: vInt }) }),
    large: defineAction({ name: 'demo:large', request: struct({ size: vInt }), response: struct({ body: bytes }) }),
    slow: defineAction({ name: 'demo:slow', request: struct({ ms: vInt }), response: empty }),
    upload: defineAction({ name: 'demo:upload', request: struct({ content: stream() }), response: empty }),
    findPoints: defineAction({ name: 'demo:findPoints', request: empty, response: struct({ points: list(point) }) }),
  };
}
