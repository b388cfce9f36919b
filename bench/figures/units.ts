/** What a figure counts. */
export type Unit = 'calls/s' | 'MiB/s' | 'µs' | 'ns/op' | 'B' | 'B/op' | 'ms' | '×';

const KIB = 1024;
const MIB = 1024 * 1024;

/** A number with three significant digits and its unit: `722 k calls/s`, `1.3 µs`, `12.5 KiB`. */
export function withUnit(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return '–';
  if (unit === 'B') return bytes(value);
  if (unit === '×') return `${digits(value)}×`;
  if (unit === 'calls/s' && Math.abs(value) >= 1e6) return `${digits(value / 1e6)} M ${unit}`;
  if (unit === 'calls/s' && Math.abs(value) >= 1e4) return `${digits(value / 1e3)} k ${unit}`;
  return `${digits(value)} ${unit}`;
}

/** 128 B, 4 KiB, 1 MiB. */
export function bytes(value: number): string {
  if (Math.abs(value) >= MIB) return `${digits(value / MIB)} MiB`;
  if (Math.abs(value) >= KIB) return `${digits(value / KIB)} KiB`;
  return `${digits(value)} B`;
}

/** Three significant digits, without an exponent. */
export function digits(value: number): string {
  if (value === 0) return '0';
  const whole = Math.floor(Math.log10(Math.abs(value))) + 1;
  if (whole >= 3) return value.toFixed(0);
  return String(Number(value.toFixed(Math.min(3 - whole, 6))));
}
