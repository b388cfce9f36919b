export { type PreparedNode, type PrepareOptions, prepareRealNode } from './artefacts.ts';
export { type RealNodeAvailability, realNodeAvailability } from './availability.ts';
export { findJdk, type FindJdkOptions, type Jdk } from './jdk.ts';
export { findMaven } from './maven.ts';
export { type RealNode, type RealNodeOptions, startRealNode } from './real-node.ts';
export { DEFAULT_SETTINGS, type RealNodeSettings, type SettingValue } from './settings.ts';
export type { Surroundings } from './surroundings.ts';
