/**
 * The ground floor: time, randomness, ids, bounded and persistent collections, and the event loop. Knows no Kubernetes.
 *
 * Invariant: this is the only place that reads the machine's clock, sets real timers or makes up numbers. Everything above
 * is handed a `Loop` and a `Random`, so that the same seed and inputs give the same run to the byte.
 *
 * The loop does one unit of work at a time. Who is ready and who sleeps is data, so that a cluster can be forked between
 * two units; the persistent `SortedMap` shares its nodes with its clones, so that the copy costs nothing.
 *
 * Left out: what the units are (see runtime/client for controllers) and who drives the loop (see runtime/cluster: virtual
 * time, the wall, or one step at a time).
 */
export { AssertionFailure, assert } from './assert.ts';
export {
  type CertificateRequest,
  type CertificateSpec,
  certificatePem,
  type ExtendedKeyUsage,
  type Issuer,
  type KeyUsage,
  readCertificateRequest,
  type Subject,
} from './certificates/index.ts';
export {
  afterWall,
  type Clock,
  stopwatch,
  VIRTUAL_EPOCH_MS,
  VirtualClock,
  wallClock,
  yieldToEventLoop,
} from './clock.ts';
export { parseDuration } from './duration.ts';
export { Fingerprint } from './fingerprint.ts';
export { nameSuffix, uid } from './ids.ts';
export { KeyedMap } from './keyed-map.ts';
export { limits } from './limits.ts';
export { type Actor, Loop, type Timer, type TimerKind } from './loop.ts';
export { Random } from './random.ts';
export { Ring } from './ring.ts';
export { SharedMap } from './shared-map.ts';
export { prefixEnd, SortedMap } from './sorted-map.ts';
export { isTimeZone, zoneOffsetMs } from './time-zone.ts';
