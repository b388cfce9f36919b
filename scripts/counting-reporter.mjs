import { writeFileSync } from 'node:fs';

/** A vitest reporter that writes `{passed, failed, skipped, notes}` to the file named by COUNTS_FILE. The notes say which tests were skipped, and why. */
export default class CountingReporter {
  onTestRunEnd(modules) {
    const counts = { passed: 0, failed: 0, skipped: 0, notes: [] };
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      for (const test of tests) count(counts, test);
      // A file that cannot be loaded, or whose hook throws, may have no failed test.
      if (module.state() === 'failed' && !tests.some((test) => test.result().state === 'failed')) counts.failed++;
    }
    counts.notes = [...new Set(counts.notes)];
    if (process.env.COUNTS_FILE) writeFileSync(process.env.COUNTS_FILE, JSON.stringify(counts));
  }
}

function count(counts, test) {
  const { state, note } = test.result();
  if (state === 'passed') counts.passed++;
  else if (state === 'failed') counts.failed++;
  else {
    counts.skipped++;
    counts.notes.push(note ?? `${test.fullName}: no reason given`);
  }
}
