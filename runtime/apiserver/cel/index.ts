/**
 * CEL in custom resources: the rules of their schemas (`x-kubernetes-validations`).
 *
 * The language and its functions are `generator/model/cel`'s; here are the types that follow from a structural schema
 * (`types.ts`), values of JSON as values of those types (`values.ts`), and the words in which the API says why an expression is
 * none (`compile.ts`).
 *
 * Invariant: pure; an expression sees the variables that it is given and nothing else, neither time nor chance. Definitions
 * of custom resources are checked with it, and objects by the rules of their definitions. Left out: estimates of what a rule
 * costs, and the limits that the API sets by them.
 */
export { type CelProgram, compileCel } from './compile.ts';
export { type CompiledRule, compiledRules, pathIn } from './rule-program.ts';
export { ruleCheck } from './rules.ts';
export { declareType } from './types.ts';
export { celValue } from './values.ts';
