import { isObject, requiredBody } from '../../protocol/rest/body.ts';
import type { JsonObject } from '../../protocol/rest/json.ts';
import { type Parameters, readParameters } from '../../protocol/rest/parameters.ts';
import { ackTimeoutParameter, clusterManagerParameters } from '../../protocol/rest/shared-parameters.ts';
import type { NodeParts } from '../node-parts.ts';
import { decodeBody } from '../rest/decode-body.ts';
import type { Step } from '../rest/rest-handler.ts';
import type { RestRequest } from '../rest/rest-request.ts';
import { twinRequest } from '../rest/rest-twin.ts';
import type { ClusterSettings } from '../settings/cluster-settings.ts';
import type { ClusterSettingsUpdate } from '../settings/settings-update.ts';

const PATH = '/_cluster/settings';

/** Shapes the answer alone: a node does not refuse it where it is not read. */
const SHAPE = { responseParams: ['flat_settings'] };

/** What both routes take, and what changing settings takes besides. They are checked; a single node has nobody to wait for. */
const SHOW_PARAMETERS = { ...clusterManagerParameters };
const CHANGE_PARAMETERS = { ...clusterManagerParameters, ...ackTimeoutParameter };

/** Serves `GET` and `PUT /_cluster/settings`, those of extensions included. */
export function installSettings({ controller, settings }: NodeParts): void {
  controller.register('GET', PATH, (request) => shown(settings, request), SHAPE);
  controller.register('PUT', PATH, (request) => changed(settings, request), SHAPE);
}

function shown(settings: ClusterSettings, request: RestRequest): JsonObject {
  const includeDefaults = request.flag('include_defaults');
  request.consume(['local']);
  checkParameters(SHOW_PARAMETERS, request);
  return settings.get({ flat: request.flag('flat_settings'), includeDefaults });
}

async function changed(settings: ClusterSettings, request: RestRequest): Promise<Step> {
  checkParameters(CHANGE_PARAMETERS, request);
  const body = await decodeBody(requiredBody(twinRequest(request)), request.mediaType ?? 'application/json');
  // A node reads what is not an object as an empty one.
  const update: ClusterSettingsUpdate = isObject(body) ? body : {};
  return () => settings.update(update, request.flag('flat_settings'));
}

function checkParameters(parameters: Parameters, request: RestRequest): void {
  readParameters(parameters, twinRequest(request));
  request.consume(Object.keys(parameters));
}
