import { dirname, resolve } from 'node:path';

/** Returns the files and folders to watch. @param watch as {@link SupervisorOptions.watch} */
export function watchedPaths(file: string, watch: boolean | readonly string[]): readonly string[] {
  if (watch === false) return [];
  return watch === true ? [file, dirname(file)] : [file, ...watch.map((path) => resolve(path))];
}
