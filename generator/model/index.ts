/**
 * The schema model and its one interpreter: admit (prune, type-check, default), validate, and navigation.
 *
 * Invariant: values are immutable and shared. What comes in is never changed; what goes out shares every subtree that did not
 * differ; an object that was processed once is known by identity and costs a look-up the next time. That is why twenty
 * thousand pods of one template cost one.
 *
 * Built-in kinds, custom resources and manifests go the same way. Pure: knows no server, no clock. What no schema can
 * say (immutable pod fields with exceptions, allocated addresses) is the API server's strategies'.
 */
export { celEnvironment } from './cel/index.ts';
export { jsonEqual } from './equal.ts';
export { FORMAT_CHECKS, FORMAT_COMPLAINTS, type FormatCheck } from './formats.ts';
export { compile, type Interpreter } from './interpreter.ts';
export {
  childPath,
  duplicate,
  type FieldProblem,
  forbidden,
  invalid,
  notSupported,
  required,
} from './problem.ts';
export { ruleProblem } from './rules.ts';
export { scalarName, scalarText } from './scalars.ts';
export type * from './schema.ts';
export { KUBERNETES_VERSIONS, type KubernetesVersion, minorOf, servedAt } from './served.ts';
export {
  below,
  compileStructural,
  correlated,
  isKnownFormat,
  type JsonRule,
  type JsonSchema,
  NOWHERE,
  prune,
  type RuleCheck,
  type StructuralInterpreter,
  toSchema,
  validate as validateJson,
  valuesOf,
  withDefaults,
} from './structural/index.ts';
