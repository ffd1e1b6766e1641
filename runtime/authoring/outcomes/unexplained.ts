import type { Progress } from '../../client/index.ts';
import type { Finding } from '../contract.ts';
import { finding } from '../findings.ts';
import { labelOf } from '../located-resource.ts';
import type { OutcomeSources } from './origin.ts';

/** Objects of manifests that are not at their goal though nothing else is told of them: a warning at where they are made. */
export function unexplained(
  { manifestOf }: OutcomeSources,
  behind: readonly Progress[],
  told: readonly Finding[],
): Finding[] {
  const known = new Set(told.map(({ object }) => object));
  return behind.flatMap(({ resource, namespace, name, waitingFor }) => {
    const manifest = manifestOf(resource, namespace ? `${namespace}/${name}` : name);
    if (!manifest || known.has(labelOf(manifest.object))) return [];
    const object = labelOf(manifest.object);
    const message = `${object} waits: ${waitingFor ?? 'it is not at its goal'}`;
    const { range } = manifest;
    return { ...finding('E_OUTCOME_WAITING', message, { object, range }), severity: 'warning' };
  });
}
