import type { FaultSpec } from '../../generated/cluster/v1/types.ts';
import { ApiError } from '../meta/index.ts';

/** The field of a Status's details in which an injected refusal names the record of its strike. */
const STRIKE = 'slipway-fault-strike';

/** A fault in a cluster: what it is and how far it has come. */
export interface FaultState {
  /** Its name: that of a Fault object, or a number. */
  readonly id: string;
  /** As on a command line: `zone=b@5m+10m`. */
  readonly text: string;
  readonly spec: FaultSpec;
  readonly phase: 'waiting' | 'active' | 'ended';
  /** Virtual time at which it begins or began. */
  readonly beginMs: number;
  /** When it ends or ended; absent for one that lasts for good. */
  readonly endMs?: number;
  /** The journal's record of its beginning; 0 before it has begun. */
  readonly record: number;
  /** How often it has struck: requests refused, watches broken, components killed; writes seen by a crash to come. */
  readonly strikes: number;
}

/** The cause by which the refusal of a request names the strike that it is. */
export function strikeCause(record: number): { readonly reason: string; readonly message: string } {
  return { reason: STRIKE, message: String(record) };
}

/** The record of the fault's strike that an error comes from; undefined for any other error. */
export function faultBehind(error: unknown): number | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const causes = error.status.details?.causes;
  const found = causes?.find(({ reason }) => reason === STRIKE);
  return found ? Number(found.message) : undefined;
}
