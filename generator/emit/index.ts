/**
 * Schemas in, files of generated code out: pure, `emit(set)` gives the texts by path below `generated/`.
 *
 * One file an artefact: types, classes for manifests, resource references, the registry, its texts and its numbers for protobuf. Types are printed
 * from the model: it knows quantities, list types and references with siblings. Writing the files is the build's.
 */
import type { SchemaSet } from '../model/schema.ts';
import { emitClasses } from './classes.ts';
import { groupVersions } from './names.ts';
import { emitRegistry, REGISTRY_MODULE } from './registry.ts';
import { emitResources } from './resources.ts';
import { emitTypes } from './types.ts';

/** The text of every generated file by its path below `generated/`. */
export function emit(set: SchemaSet): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const { folder, definitions, kinds } of groupVersions(set)) {
    files.set(`${folder}/types.ts`, emitTypes(set, folder, definitions));
    files.set(`${folder}/index.ts`, emitClasses(set, kinds));
    if (kinds.length > 0) files.set(`${folder}/resources.ts`, emitResources(kinds));
  }
  const { registry, docs, protobuf } = emitRegistry(set);
  files.set('registry.json', registry);
  files.set('docs.json', docs);
  files.set('protobuf.json', protobuf);
  files.set('registry.ts', REGISTRY_MODULE);
  return files;
}
