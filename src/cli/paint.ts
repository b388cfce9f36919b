import { styleText } from 'node:util';
import { type Paint, plain } from '../inspect/render/paint.ts';

const coloured: Paint = (style, text) => (text === '' ? text : styleText(style, text, { validateStream: false }));

/** What decides about colours. */
export interface PaintChoice {
  /** False where `--no-color` was given. @default true */
  readonly allowed?: boolean | undefined;
  readonly isTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Colours on a terminal only. `--no-color` is stronger than FORCE_COLOR, and that than NO_COLOR.
 *
 * @see https://no-color.org, https://force-color.org
 */
export function choosePaint({ allowed = true, isTerminal, env }: PaintChoice): Paint {
  if (!allowed) return plain;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced === '0' || forced === 'false' ? plain : coloured;
  return isTerminal && (env['NO_COLOR'] ?? '') === '' ? coloured : plain;
}
