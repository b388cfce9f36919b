import { struct } from '../../codec/combinators.ts';
import { string, version } from '../../codec/primitives.ts';

/** `str` unique id, `vInt` version. @see wire-format.md §11.12 */
export const extensionDependency = struct({ uniqueId: string, version }, 'ExtensionDependency');
