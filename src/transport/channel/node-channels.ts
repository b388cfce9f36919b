/** Connections that a node opens to another. It shakes hands on the first; nothing on the wire groups them. @see wire-format.md §9.1 */
export const NODE_CHANNELS = 13;
