import { Command } from 'commander';
import { UsageError } from '../../protocol/error/transport-error.ts';
import { perform } from '../../inspect/codec-port/operations.ts';
import { portRegistry } from '../../inspect/codec-port/port-registry.ts';
import type { Context } from '../context.ts';
import { parseJson, readText } from '../json-input.ts';
import { knownAction } from '../known-actions.ts';
import { withTimes } from '../time-form.ts';

/** `ostp encode`: JSON to bytes. */
export function encodeCommand(context: Context): Command {
  return new Command('encode')
    .summary('encode a frame, or the body of an action, from JSON to hex')
    .description(
      'Encodes a frame from its JSON form, as `ostp decode --json` prints it: ostp encode JSON. Or the body of an action: ' +
        'ostp encode ACTION request|response JSON. JSON may be - for standard input.',
    )
    .argument('<what>', 'the JSON form of a frame, - for standard input, or the name of an action')
    .argument('[part]', 'request or response, of an action')
    .argument('[json]', 'the body of an action', '-')
    .option('--version <version>', 'stream version of a body', '3.9.0')
    .option('--binary', 'write the bytes themselves instead of hex')
    .action(async (what: string, part: string | undefined, json: string, options: { version: string; binary?: true }) => {
      const request =
        part === undefined ? await frameRequest(what, context) : await bodyRequest(what, part, json, options.version, context);
      const { hex } = perform({ op: 'encode', ...request }, portRegistry) as { hex: string };
      if (options.binary) await context.stdout.write(Buffer.from(hex, 'hex'));
      else await context.stdout.print(hex);
    });
}

/** What `ostp decode --json` says besides the form of a frame. */
const BESIDE = ['kind', 'connection', 'from', 'to', 'time', 'offset', 'size', 'answers', 'value', 'problem'];

/** Neither JSON nor a dash. */
const NAME = /^[a-z][\w:./*[\]-]*$/i;

async function frameRequest(what: string, context: Context): Promise<object> {
  if (NAME.test(what))
    throw new UsageError('ERR_USAGE', {}, `request or response? Write: ostp encode ${knownAction(what).name} request JSON`);
  const form = parseJson(await readText(what, context), 'the frame');
  if (typeof form !== 'object' || form === null || Array.isArray(form))
    throw new UsageError('ERR_USAGE', {}, 'the frame: expected a JSON object');
  const value = Object.fromEntries(Object.entries(form).filter(([key]) => !BESIDE.includes(key)));
  // The bytes of an error are there already; its exception is the same once more.
  if ('body' in value) delete value['exception'];
  return { type: 'frame', value };
}

async function bodyRequest(name: string, part: string, json: string, version: string, context: Context): Promise<object> {
  if (part !== 'request' && part !== 'response') throw new UsageError('ERR_USAGE', {}, `'${part}': expected request or response`);
  const action = knownAction(name);
  const form = parseJson(await readText(json, context), 'the body');
  return { type: `${part}:${action.name}`, version, value: withTimes(action[part].schema, form) };
}
