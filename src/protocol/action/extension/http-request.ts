/** HTTP methods a node knows, by ordinal. @see extensions.md §1.5 */
export const HTTP_METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE', 'CONNECT'] as const;

/** Name of an HTTP method. */
export type HttpMethod = (typeof HTTP_METHODS)[number];

/** HTTP versions a node knows, by ordinal: 2.x the first two, 3.x the others as well. */
export const HTTP_VERSIONS = ['HTTP_1_0', 'HTTP_1_1', 'HTTP_2_0', 'HTTP_3_0'] as const;
