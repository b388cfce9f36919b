import { describe, expect, test } from 'vitest';
import { decode } from '../../../../src/protocol/codec/codec.ts';
import { protobufCost } from '../../../../src/protocol/codec/protobuf-cost.ts';
import { registerTransportActionsRequest } from '../../../../src/protocol/action/extension/extension-to-node.ts';

const costOf = (hex: string): number => protobufCost(Buffer.from(hex, 'hex'), new Set([1]));

describe('the cost of a protobuf message', () => {
  test('counts its fields, of every wire type', () => {
    const empty = costOf('');
    const each = costOf('1000') - empty;
    expect(costOf('1000'.repeat(5))).toBe(empty + 5 * each);
    expect(costOf('118877665544332211')).toBe(empty + each);
    expect(costOf('1511223344')).toBe(empty + each);
    expect(costOf('1203616263')).toBe(empty + each + 3);
    expect(costOf('9a0103616263')).toBe(empty + each + 3);
  });

  test('takes bytes of groups and of messages inside for dear', () => {
    expect(costOf(`0a14${'00'.repeat(20)}`)).toBeGreaterThan(20 * 64);
    expect(costOf(`13${'00'.repeat(20)}`)).toBeGreaterThan(20 * 64);
  });

  test.each(['08', '0a', '0affffffff0f', '12ffffffff07', 'ffffffffffffffffffff', '09', '0d'])(
    'of cut or lying bytes %s is small',
    (hex) => {
      expect(costOf(hex)).toBeLessThan(1000);
    },
  );

  test('is charged before the message is read', () => {
    const fields = Buffer.alloc(600_000, Buffer.from('1200', 'hex'));
    const body = Buffer.concat([Buffer.from([0xc0, 0xcf, 0x24]), fields]);
    expect(() => decode(registerTransportActionsRequest, body)).toThrow(/take more than \d+ bytes of memory/);
  });
});
