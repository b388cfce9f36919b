/** Path of the extension's route, behind the node. */
export const EXTENSION_PATH = '/_extensions/_bench/hello/Ada';
