import { configureGlobal } from 'fast-check';

const runs = process.env['FUZZ_RUNS'];

if (runs !== undefined) configureGlobal({ numRuns: Number(runs) });
