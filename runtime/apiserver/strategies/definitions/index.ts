/** CustomResourceDefinitions: what the server fills in, what it refuses (`validate.ts` and the rules beside it), how they go. */
export { definitions } from './definitions.ts';
