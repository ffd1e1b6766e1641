import { schemaSet } from '../../generated/registry.ts';
import { Kinds } from './kinds.ts';

let served: Kinds | undefined;

/** The built-in kinds, compiled once a process. */
export function kinds(): Kinds {
  served ??= new Kinds(schemaSet);
  return served;
}
