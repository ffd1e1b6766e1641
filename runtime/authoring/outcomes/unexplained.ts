import type { PersistentVolumeClaim } from '../../../generated/core/v1/types.ts';
import type { Progress } from '../../client/index.ts';
import type { KubeObject } from '../../meta/index.ts';
import type { Finding } from '../contract.ts';
import { finding } from '../findings.ts';
import { labelOf } from '../located-resource.ts';
import { claimField } from './claims.ts';
import type { OutcomeSources } from './origin.ts';

/** Objects of manifests that are not at their goal though nothing else is told of them: a warning at where they are made. */
export function unexplained(
  sources: OutcomeSources,
  behind: readonly Progress[],
  told: readonly Finding[],
): Finding[] {
  const known = new Set(told.map(({ object }) => object));
  return behind.flatMap(({ resource, namespace, name, waitingFor }) => {
    const manifest = sources.manifestOf(resource, namespace ? `${namespace}/${name}` : name);
    if (!manifest || known.has(labelOf(manifest.object))) return [];
    const object = labelOf(manifest.object);
    const message = `${object} waits: ${waitingFor ?? 'it is not at its goal'}`;
    const fieldPath = fieldOf(sources, manifest.object, waitingFor ?? '');
    const place =
      fieldPath === undefined
        ? { range: manifest.range }
        : { fieldPath, range: manifest.rangeOf(fieldPath) };
    return { ...finding('E_OUTCOME_WAITING', message, { object, ...place }), severity: 'warning' };
  });
}

/** What words of a condition say about which field, by kind. */
const FIELDS: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  HorizontalPodAutoscaler: [
    [/FailedGetScale|InvalidSelector/, 'spec.scaleTargetRef.name'],
    [/FailedGet\w*Metric/, 'spec.metrics[0]'],
  ],
  CustomResourceDefinition: [
    [/PluralConflict/, 'spec.names.plural'],
    [/SingularConflict/, 'spec.names.singular'],
    [/ShortNamesConflict/, 'spec.names.shortNames'],
    [/KindConflict/, 'spec.names.kind'],
  ],
};

function fieldOf(
  sources: OutcomeSources,
  object: KubeObject,
  waitingFor: string,
): string | undefined {
  if (object.kind === 'PersistentVolumeClaim')
    return claimField(sources, object as unknown as PersistentVolumeClaim);
  return FIELDS[object.kind]?.find(([words]) => words.test(waitingFor))?.[1];
}
