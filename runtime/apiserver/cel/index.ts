/**
 * CEL in custom resources: the rules of their schemas (`x-kubernetes-validations`).
 *
 * The language and its functions are `generator/model/cel`'s; here are the types that follow from a structural schema
 * (`types.ts`), values of JSON as values of those types (`values.ts`), and the words in which the API says why an expression is
 * none (`compile.ts`).
 *
 * Invariant: pure; an expression sees the variables that it is given and nothing else, neither time nor chance. Definitions
 * of custom resources are checked with it, and objects by the rules of their definitions. What a rule may cost at most is
 * estimated (`cost.ts`, `sizes.ts`). Left out: counting what it does cost when it runs.
 */
export { type CelProgram, compileCel } from './compile.ts';
export { type CompiledRule, compiledRules, pathIn } from './rule-program.ts';
export { ruleCheck } from './rules.ts';
export { REQUEST_BYTES_MAX, type Shape, shapeOf } from './sizes.ts';
export { declareType } from './types.ts';
export { celValue } from './values.ts';
