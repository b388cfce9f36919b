/** The columns of the table of attacks. */
export const HEAD = [
  'attack',
  'sent (KiB)',
  'CPU (s)',
  'memory (MiB)',
  'longest stop (ms)',
  'p99 alone (ms)',
  'p99 attacked (ms)',
  'failed calls',
  'recovery (ms)',
  'verdict',
];

/** The cells of one attack. */
export function rowOf({ name, sent, cpuMs, growthMib, stopMs, aloneP99Ms, p99Ms, calls, fresh, recoveryMs, ended, complaints }) {
  const failed = calls.failed + fresh.failed;
  return [
    name,
    (sent / 1024).toFixed(sent < 10_240 ? 1 : 0),
    (cpuMs / 1000).toFixed(1),
    `+${growthMib.toFixed(0)}`,
    stopMs.toFixed(0),
    aloneP99Ms.toFixed(1),
    Number.isFinite(p99Ms ?? Infinity) ? p99Ms.toFixed(1) : 'failed',
    `${failed} of ${calls.made + fresh.made}`,
    ended === null ? recoveryMs.toFixed(0) : '–',
    complaints.length === 0 ? 'holds' : complaints.join('; '),
  ];
}

/** Returns a table for a terminal. */
export function textTable(head, rows) {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((cells) => cells[column].length)));
  const line = (cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd();
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
