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
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'interop',
          include: ['test/interop/**/*.test.ts'],
          // One genuine node at a time: each takes a gigabyte and most of the machine while it boots.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
}));
