export { restHealth } from './health.ts';
export { restMain } from './main.ts';
