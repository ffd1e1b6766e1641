/**
 * Custom resources: the interpreter of structural schemas.
 *
 * A CustomResourceDefinition describes objects in JSON schema. Pruning and defaulting, checking and the rules of lists go by that
 * schema itself, since the API tells what is wrong in the words of its JSON schema validator (`spec.replicas in body must be of
 * type integer`), with reasons of its own, and takes null for what it is. How values split into fields for apply and for their
 * owners is the same as for built-in kinds: `to-schema.ts` says it in our model. What comes out is an `Interpreter`, so that
 * nobody behind it has to know.
 *
 * Invariant: values are immutable and shared; what needs no change is the same reference. Pure. Left out: schemas themselves are
 * taken as right, whoever stores a definition checks them.
 */
export { isKnownFormat } from './formats.ts';
export {
  compileStructural,
  type RuleCheck,
  type StructuralInterpreter,
} from './interpreter.ts';
export { type JsonRule, type JsonSchema, valuesOf } from './json-schema.ts';
export { below } from './list-types.ts';
export { prune, withDefaults } from './prune.ts';
export { toSchema } from './to-schema.ts';
export { correlated, NOWHERE, validate } from './validate.ts';
