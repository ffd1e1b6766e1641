/**
 * CEL as admission policies speak it: expressions over an object, what it was, the request, parameters and an authorizer. The
 * language and its functions are `generator/model/cel`'s; rules in the schemas of custom resources are `cel`'s.
 *
 * Invariant: evaluating is pure; values that go in are copies, numbers without a fraction as CEL's int. An expression is read once
 * however often it is evaluated.
 *
 * Left out: types of the fields of objects (every value is dyn), and costs.
 */
export { type AuthorizerContext, AuthorizerValue } from './authorizer.ts';
export { compile, evaluate, expressionProblem, type Scope } from './evaluate.ts';
export { withoutTypes } from './object-literals.ts';
export { fromCel, toCel } from './values.ts';
