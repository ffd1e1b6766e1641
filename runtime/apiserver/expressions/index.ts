/**
 * CEL as admission policies speak it: expressions over an object, what it was, the request, parameters and an authorizer. The
 * expressions are the server's; those in schemas are `generator/model`'s.
 *
 * Invariant: evaluating is pure; values that go in are copies, numbers without a fraction as CEL's int. An expression is read once
 * however often it is evaluated.
 *
 * Left out, as the library behind it has none of it: types of the fields of objects (every value is dyn), costs, and of
 * Kubernetes' own functions those for addresses, URLs, semantic versions and formats.
 */
export { type AuthorizerContext, AuthorizerValue } from './authorizer.ts';
export { compile, evaluate, expressionProblem, type Scope } from './evaluate.ts';
export { withoutTypes } from './object-literals.ts';
export { fromCel, toCel } from './values.ts';
