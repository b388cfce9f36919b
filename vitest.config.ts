import { defineConfig } from 'vitest/config';

/** `vitest --mode fuzz` repeats every property this many times. */
const FUZZ_RUNS = '5000';

export default defineConfig(({ mode }) => ({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{unit,vectors,contract,types}/**/*.test.ts'],
          testTimeout: 10_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'property',
          include: ['test/property/**/*.test.ts'],
          setupFiles: ['test/property/setup.ts'],
          env: mode === 'fuzz' ? { FUZZ_RUNS } : {},
          testTimeout: mode === 'fuzz' ? 600_000 : 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/{integration,docs}/**/*.test.ts'],
          // More than there are cores: these tests mostly wait for processes and deadlines.
          maxWorkers: 4,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'interop',
          include: ['test/interop/**/*.test.ts'],
          // Two files at a time: a genuine node takes a gigabyte, and most of the machine while it boots; then these tests mostly wait.
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
}));
