/** One shape of load. */
export interface CallCase {
  readonly name: string;
  readonly inFlight: number;
  readonly bodyBytes: number;
  readonly connections: number;
  readonly tls: boolean;
  /** Calls a second of an open loop; null for a closed one. */
  readonly rate: number | null;
  /** Headers each call carries. @default 0 */
  readonly headers?: number;
  /** Actions called in turn. @default 1 */
  readonly actions?: number;
  /** Contenders of the headline set by their names in the registry. @default all */
  readonly field?: readonly string[];
}

/** How long a sample takes. */
export interface Window {
  readonly warmUpMs: number;
  /** The load runs before the window until it has made this many calls, at most four seconds: slow peers need longer for as many. */
  readonly warmUpCalls: number;
  /** Time until warm processes run at their speed again after standing idle. */
  readonly settleMs: number;
  readonly measureMs: number;
  /** Whether contenders that need longer to warm up get it. */
  readonly warmsUp: boolean;
}
