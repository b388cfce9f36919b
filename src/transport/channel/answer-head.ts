import { beginFrame, beginFrameWith, frameHead } from '../../protocol/frame/native/encoder.ts';
import type { ResponseHeaders } from '../../protocol/frame/native/variable-header.ts';
import type { StreamOutput } from '../../protocol/wire/stream-output.ts';

/** The head of most responses, which have no headers of their own. */
const PLAIN_HEAD = frameHead({});

/** Begins the frame of a response. */
// hot: call
export function beginResponse(output: StreamOutput, responseHeaders: ResponseHeaders | null): void {
  if (responseHeaders === null) beginFrame(output, PLAIN_HEAD);
  else beginFrameWith(output, { responseHeaders });
}
