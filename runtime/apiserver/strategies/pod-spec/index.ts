/**
 * What pods and pod templates have in common beyond their schema: defaults that follow from other fields (`complete.ts`) and
 * rules over several places of a spec (`validate.ts`). Both are remembered by the identity of the spec, so that the pods of
 * one template cost what one of them costs, and a completed spec is the same object for all.
 */
export { completePodSpec } from './complete.ts';
export { mapItems } from './map-items.ts';
export { amount } from './quantities.ts';
export { referencesOf } from './references.ts';
export { amountProblems } from './resources.ts';
export { completeTemplate, templateProblems } from './template.ts';
export { podSpecProblems } from './validate.ts';
