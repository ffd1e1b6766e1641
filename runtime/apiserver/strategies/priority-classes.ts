import type { PriorityClass } from '../../../generated/scheduling/v1/types.ts';
import type { KubeObject } from '../../meta/index.ts';
import { forbidden, type Problem } from './problem.ts';
import type { Strategy } from './strategy.ts';

type StoredClass = PriorityClass & KubeObject;

/** The greatest that is not the system's. */
const VALUE_MAX = 1_000_000_000;
const SYSTEM_PREFIX = 'system-';

/** The classes that every cluster has, with their values. */
export const SYSTEM_CLASSES: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};

/** Index of the classes that pods without one belong to. */
export const BY_DEFAULT = 'globalDefault';

/** PriorityClasses: values are fixed, and the greatest ones, like names that begin so, are the system's. */
export const priorityClasses: Strategy<StoredClass> = {
  indexes: { [BY_DEFAULT]: ({ globalDefault }) => (globalDefault ? [BY_DEFAULT] : []) },
  validate: (object, old) => [
    ...reservedProblems(object),
    ...(old && old.value !== object.value
      ? [forbidden('value', 'may not be changed in an update.')]
      : []),
  ],
  refuseDelete: ({ metadata }) =>
    (metadata.name ?? '') in SYSTEM_CLASSES
      ? 'this is a system priority class and cannot be deleted'
      : undefined,
};

function reservedProblems({ metadata, value = 0, globalDefault }: StoredClass): Problem[] {
  const { name = '' } = metadata;
  if (!name.startsWith(SYSTEM_PREFIX))
    return value > VALUE_MAX
      ? [forbidden('value', `maximum allowed value of a user defined priority is ${VALUE_MAX}`)]
      : [];
  const wrong = systemProblem(name, value, globalDefault);
  return wrong
    ? [
        forbidden(
          'metadata.name',
          `priority class names with '${SYSTEM_PREFIX}' prefix are reserved for system use only. error: ${wrong}`,
        ),
      ]
    : [];
}

function systemProblem(name: string, value: number, isDefault = false): string | undefined {
  const wanted = SYSTEM_CLASSES[name];
  if (wanted === undefined) return `${name} is not a known system priority class`;
  if (value !== wanted) return `value of ${name} PriorityClass must be ${wanted}`;
  return isDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}
