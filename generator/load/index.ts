/**
 * Reads `schemas/` into the schema model. Every error names file, line and pointer and says what to do; all are reported at
 * once. Runs at build time only: the running program reads `generated/registry.json`.
 */
export { type Problem, SchemaProblems } from './problems.ts';
export { loadSchemas } from './schema-files.ts';
