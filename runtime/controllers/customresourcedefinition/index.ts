/**
 * Sees a CustomResourceDefinition through: its names are accepted where no other kind of its group has them, then it is established and
 * served; when it is deleted, all objects of its kind go first. Three controllers of apiextensions-apiserver in one: naming,
 * establishing, finalizing.
 *
 * Key: the name of a definition. A definition that gives names up wakes the others of its group. What is to be done is decided in
 * `decide.ts`, a pure function. Left out: the conditions of schemas and API approval that older versions of the API allowed to be wrong.
 */
export { createDefinitionController } from './controller.ts';
