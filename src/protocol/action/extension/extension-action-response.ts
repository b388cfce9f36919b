import { struct } from '../../codec/combinators.ts';
import { boolean, bytes } from '../../codec/primitives.ts';

/** Byte array: what the extension's action answered. @memory owned */
export const extensionActionResponse = struct({ responseBytes: bytes }, 'ExtensionActionResponse');

/** `bool` success, byte array: the answer, or the reason in UTF-8 when there is no such action. @memory owned */
export const remoteExtensionActionResponse = struct({ success: boolean, responseBytes: bytes }, 'RemoteExtensionActionResponse');
