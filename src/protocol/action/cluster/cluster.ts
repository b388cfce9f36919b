export { health } from './health.ts';
export { liveness } from './liveness.ts';
export { main } from './main.ts';
