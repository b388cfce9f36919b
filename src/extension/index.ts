export { type HttpMethod } from '../protocol/action/extension/http-request.ts';
export { StatusError } from '../protocol/error/status-error.ts';
export { Extension, type ExtensionEvent, type ExtensionOptions, extension, type HostNode } from './extension.ts';
export type { ExtensionRequest } from './request.ts';
export type { RequestBody } from './request-body.ts';
export { ExtensionResponse, type HandlerResult, json, type ResponseInit, type ResponseOptions, response, text } from './response.ts';
export type { RouteHandler, RouteMethod, RouteOptions } from './route.ts';
