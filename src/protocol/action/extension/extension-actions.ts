import type { AnyAction } from '../define-action.ts';
import { addSettingsUpdateConsumer } from './add-settings-update-consumer.ts';
import { extensionClusterSettings } from './cluster-settings.ts';
import { extensionClusterState } from './cluster-state.ts';
import { extensionDependencyInformation } from './dependency-information.ts';
import { extensionEnvironmentSettings } from './environment-settings.ts';
import { handleRemoteTransportAction } from './handle-remote-transport-action.ts';
import { handleTransportAction } from './handle-transport-action.ts';
import { initializeExtension } from './initialize.ts';
import { extensionProxyAction } from './proxy-action.ts';
import { registerCustomSettings } from './register-custom-settings.ts';
import { registerRestActions } from './register-rest-actions.ts';
import { registerTransportActions } from './register-transport-actions.ts';
import { requestTransportAction } from './request-transport-action.ts';
import { restExecuteOnExtension } from './rest-execute.ts';
import { updateSettings } from './update-settings.ts';

/** The actions between nodes and extensions. @see extensions.md §1.3 */
export const extensionActions: readonly AnyAction[] = [
  initializeExtension,
  registerRestActions,
  registerTransportActions,
  registerCustomSettings,
  extensionClusterState,
  extensionClusterSettings,
  extensionEnvironmentSettings,
  extensionDependencyInformation,
  addSettingsUpdateConsumer,
  updateSettings,
  restExecuteOnExtension,
  requestTransportAction,
  handleTransportAction,
  handleRemoteTransportAction,
  extensionProxyAction,
];
