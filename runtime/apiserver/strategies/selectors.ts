import type { PodTemplateSpec } from '../../../generated/core/v1/types.ts';
import type { LabelSelector } from '../../../generated/meta/v1/types.ts';
import { matchesLabelSelector } from '../../meta/index.ts';
import { invalid, type Problem } from './problem.ts';

export interface Selecting {
  readonly selector?: LabelSelector | undefined;
  readonly template?: PodTemplateSpec | undefined;
}

/** Whether the schema had something against the selector itself: then it selects nothing that could be compared. */
export function isSelectorSound(path: string, found: readonly Problem[]): boolean {
  return !found.some(({ field }) => field.startsWith(`${path}.selector.`));
}

/** The pods of a template must be the selector's, or their controller would not know them. No selector at all selects none. */
export function mismatchProblems(
  { selector, template }: Selecting,
  path: string,
  found: readonly Problem[],
): Problem[] {
  const labels = template?.metadata?.labels ?? {};
  if (!isSelectorSound(path, found) || matchesLabelSelector(selector, labels)) return [];
  const field = `${path}.template.metadata.labels`;
  return [invalid(field, labels, '`selector` does not match template `labels`')];
}
