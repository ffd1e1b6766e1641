/**
 * Custom resources: kinds that a cluster has because a CustomResourceDefinition is stored in it.
 *
 * Kinds are derived from the stored definitions and nothing else: `CustomKinds` is told of every change of one, and says which kind
 * answers for a path. So a fork has them with its objects, and a rewound cluster those of its past. Each served version is a
 * `ServedKind` of its own with the interpreter of its own schema; all share one cache, which each sees through a view
 * (`view.ts`) in its own version: with defaults, and without what its schema does not name. There is no scan: a path is
 * looked up, and kinds are made anew only when their definition changes.
 *
 * The API server calls it; what is stored of a definition and who says that it is established is not its matter
 * (`strategies/definitions`, `runtime/controllers/customresourcedefinition`).
 * Where a definition names a webhook for it, objects are converted by that (`webhook-conversion.ts`), else only apiVersion changes.
 */
export { customAnswer } from './answer.ts';
export { CustomKinds, type CustomSchemas } from './custom-kinds.ts';
export { DEFINITIONS, type Definition } from './definition.ts';
export { customReader } from './reader.ts';
export type { CustomView } from './view.ts';
