import type { DaemonSet } from '../../../generated/apps/v1/types.ts';
import { jsonEqual, type KubeObject } from '../../meta/index.ts';
import { completeTemplate, templateProblems } from './pod-spec/index.ts';
import { mismatchProblems } from './selectors.ts';
import type { Strategy } from './strategy.ts';

type StoredSet = DaemonSet & KubeObject;

/** How often the template has changed: a field of former versions, which lives on as an annotation that only the server changes. */
const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';

/** DaemonSets: a rolling update of one node at a time unless they say otherwise, and a count of their templates. */
export const daemonSets: Strategy<StoredSet> = {
  prepareCreate: (set) => numbered(complete(set), Math.max(1, templateGeneration(set))),
  prepareUpdate(set, old) {
    const completed = complete(set);
    const isSame = jsonEqual(completed.spec?.template, old.spec?.template);
    return numbered(completed, templateGeneration(old) + (isSame ? 0 : 1));
  },
  prepareStatus: (set, old) => numbered(set, templateGeneration(old)),
  validate: (set, old, found) => [
    ...(set.spec?.selector === undefined || set.spec === old?.spec
      ? []
      : mismatchProblems(set.spec, 'spec', found)),
    ...templateProblems(set, old, found),
  ],
};

function complete(object: StoredSet): StoredSet {
  const set = completeTemplate(object);
  const { updateStrategy } = set.spec ?? {};
  if (!set.spec || updateStrategy?.rollingUpdate) return set;
  if (updateStrategy?.type && updateStrategy.type !== 'RollingUpdate') return set;
  const completed = { ...updateStrategy, type: 'RollingUpdate' as const, rollingUpdate: {} };
  return { ...set, spec: { ...set.spec, updateStrategy: completed } };
}

function templateGeneration({ metadata }: StoredSet): number {
  const number = Number(metadata.annotations?.[TEMPLATE_GENERATION]);
  return Number.isInteger(number) ? number : 0;
}

function numbered(set: StoredSet, generation: number): StoredSet {
  const { metadata } = set;
  const text = String(generation);
  if (metadata.annotations?.[TEMPLATE_GENERATION] === text) return set;
  const annotations = { ...metadata.annotations, [TEMPLATE_GENERATION]: text };
  return { ...set, metadata: { ...metadata, annotations } };
}
