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
export {
  addQuantities,
  compareQuantities,
  formatQuantity,
  negateQuantity,
  parseQuantity,
  type Quantity,
  type QuantityFormat,
  quantityOf,
  roundUpQuantity,
  scaledValue,
  subtractQuantities,
  ZERO,
} from '../../generator/model/quantity.ts';
export type { KindDescriptor, PrinterColumn } from '../../generator/model/schema.ts';
export { baseUnits, milliUnits, type QuantityText, wholeUnits } from './amounts.ts';
export * from './api.ts';
export { type Applied, type ApplyConflict, applyConfiguration, managedFields } from './apply.ts';
export { mergeApplied } from './apply-merge.ts';
export { CELLS } from './cells.ts';
export {
  type ConditionLike,
  conditionOf,
  isConditionTrue,
  withCondition,
  withoutCondition,
} from './conditions.ts';
export { type CronSchedule, parseSchedule, ScheduleError } from './cron/index.ts';
export { customKind } from './custom-kind.ts';
export { customResource } from './custom-resources.ts';
export { disruptionFailure, withDisruptionAllowed } from './disruption-budget.ts';
export { type FieldTerm, formatFieldSelector, parseFieldSelector } from './field-selector.ts';
export { evaluateGoal, type GoalState } from './goal.ts';
export { canonicalJson, fnv32, podTemplateHash, safeEncode } from './hash.ts';
export { jsonPatch } from './json-patch.ts';
export { jsonPathValues } from './json-path.ts';
export type { KubeletAnswer, KubeletQuestion } from './kubelet.ts';
export { parseRequirements } from './label-parser.ts';
export {
  formatRequirement,
  type LabelMatcher,
  type Labels,
  type Requirement,
  requirementMatcher,
  requirementProblems,
} from './label-requirement.ts';
export { logText } from './log-text.ts';
export {
  createMergePatch,
  createThreeWayJsonMergePatch,
  mergePatch,
  patchesConflict,
  splitNulls,
} from './merge-patch.ts';
export type { Resolve } from './merge-strategy.ts';
export { type NodeIdentity, nodeMatcher, tolerates } from './node-matching.ts';
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
  type Ownership,
  type OwnershipRecord,
  type OwnershipSchema,
  recordUpdate,
  UNOWNED,
  type Writer,
} from './ownership.ts';
export { createThreeWayMergePatch, createTwoWayMergePatch } from './patch-diff.ts';
export { countedSpec, resizeState } from './pod-resources.ts';
export * from './quota/index.ts';
export {
  compileSelector,
  exactLabels,
  formatSelector,
  hasLabels,
  labelMatcher,
  matchesLabelSelector,
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
  noFreeName,
  notFound,
  type Status,
  type StatusCause,
  success,
  timeout,
  tooLargeResourceVersion,
  tooManyRequests,
  unauthorized,
  unavailable,
  unknownError,
  unprocessable,
  unsupportedMediaType,
  wrongMethod,
} from './status.ts';
export { CLASS_ANNOTATION, isDefaultStorageClass, storageClassOf } from './storage-cells.ts';
export { strategicMergePatch } from './strategic-merge.ts';
export { jsonCell, tableColumns, tableRow } from './table.ts';
export { formatMicroTime, formatTime, humanDuration, parseTime } from './time.ts';
