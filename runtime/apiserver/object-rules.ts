import type { KubeObject } from '../meta/index.ts';
import { renamed } from './field-paths.ts';
import type { ServedKind } from './kind.ts';
import { metadataProblems, nameProblems } from './metadata-rules.ts';
import type { Problem } from './strategies/problem.ts';

const NONE: readonly Problem[] = [];

/** All that is wrong with a new object: by its schema, by what all metadata must be, and by its kind's strategy. */
export function createProblems(kind: ServedKind, object: KubeObject): readonly Problem[] {
  const { descriptor, strategy, interpreter } = kind;
  const { metadata } = object;
  const found = renamed(kind.id, interpreter.validate(descriptor.schema, object));
  const common = metadataProblems(metadata, undefined, found);
  return joined(
    nameProblems(kind, metadata),
    joined(common, strategy.validate?.(object, undefined, found) ?? NONE),
  );
}

/** All that is wrong with a changed object; what is stored already is not looked at. */
export function updateProblems(
  kind: ServedKind,
  object: KubeObject,
  old: KubeObject,
  subresource: string | undefined,
): readonly Problem[] {
  const { descriptor, strategy, interpreter } = kind;
  const found = renamed(kind.id, interpreter.validate(descriptor.schema, object, old));
  if (subresource === 'status')
    return joined(found, strategy.validateStatus?.(object, old) ?? NONE);
  const common = metadataProblems(object.metadata, old.metadata, found);
  return joined(common, strategy.validate?.(object, old, found, subresource) ?? NONE);
}

function joined(a: readonly Problem[], b: readonly Problem[]): readonly Problem[] {
  if (b.length === 0) return a;
  return a.length === 0 ? b : [...a, ...b];
}
