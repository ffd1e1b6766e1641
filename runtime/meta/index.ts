/**
 * API machinery: what the API means by objects, keys, selectors, patches, ownership, conditions, goals, errors, times and
 * tables. All of it pure.
 *
 * Invariant: nothing here knows a store, a clock or a server, and nothing changes what it is given; what does not change
 * keeps its reference.
 *
 * Anyone in the runtime may use it. Left out: schemas (generator/model) and what the server makes of requests (apiserver).
 */
export { jsonEqual } from '../../generator/model/equal.ts';
export type { KindDescriptor, PrinterColumn } from '../../generator/model/schema.ts';
export * from './api.ts';
export { CELLS } from './cells.ts';
export {
  type ConditionLike,
  conditionOf,
  isConditionTrue,
  withCondition,
  withoutCondition,
} from './conditions.ts';
export { evaluateGoal, type GoalState } from './goal.ts';
export { canonicalJson, fnv32, podTemplateHash, safeEncode } from './hash.ts';
export {
  controllerOf,
  deepFreeze,
  isDeleting,
  type KubeObject,
  keyOf,
  type ObjectMeta,
  type OwnerReference,
  ownerReference,
  splitApiVersion,
  splitKey,
  valueAt,
} from './object.ts';
export {
  type Applied,
  applyConfiguration,
  managedFields,
  type Ownership,
  type OwnershipSchema,
  recordUpdate,
  UNOWNED,
  type Writer,
} from './ownership.ts';
export { jsonPatch, mergePatch, type Resolve, strategicMergePatch } from './patch.ts';
export {
  compileSelector,
  formatSelector,
  hasLabels,
  type LabelMatcher,
  type Labels,
  labelMatcher,
  matchesLabelSelector,
  parseFieldSelector,
} from './selectors.ts';
export {
  ApiError,
  alreadyExists,
  applyConflict,
  badRequest,
  conflict,
  expired,
  forbidden,
  internalError,
  invalidObject,
  isAlreadyExists,
  isApiError,
  isConflict,
  isForbidden,
  isGone,
  isInvalid,
  isNamespaceTerminating,
  isNotFound,
  MODIFIED,
  methodNotAllowed,
  notFound,
  type Status,
  type StatusCause,
  success,
  unsupportedMediaType,
} from './status.ts';
export { tableColumns, tableRow } from './table.ts';
export { formatMicroTime, formatTime, humanDuration, parseTime } from './time.ts';
