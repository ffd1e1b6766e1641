import type { PodSpec } from '../../../../generated/core/v1/types.ts';
import { forbidden, type Problem } from '../problem.ts';
import { completePodSpec } from './complete.ts';
import { podSpecProblems } from './validate.ts';

interface Templated {
  readonly spec?: { readonly template?: { readonly spec?: PodSpec } };
}

/** An object with a pod template at `spec.template`, with the template's dependent defaults. */
export function completeTemplate<T extends Templated>(object: T): T {
  const before = object.spec?.template?.spec;
  if (!before) return object;
  const after = completePodSpec(before);
  if (after === before) return object;
  const template = { ...object.spec?.template, spec: after };
  return { ...object, spec: { ...object.spec, template } };
}

const PATH = 'spec.template.spec';
const NO_EPHEMERAL = forbidden(
  `${PATH}.ephemeralContainers`,
  'ephemeral containers not allowed in pod template',
);

/** What no schema can say against the template at `spec.template`. One that is stored already was checked then. */
export function templateProblems(
  object: Templated,
  old: Templated | undefined,
  found: readonly Problem[],
): readonly Problem[] {
  const spec = object.spec?.template?.spec;
  if (!spec || spec === old?.spec?.template?.spec) return [];
  const problems = podSpecProblems(spec, { path: PATH, isTemplate: true, found });
  return spec.ephemeralContainers ? [...problems, NO_EPHEMERAL] : problems;
}
