import type { JobSpec } from '../../../../generated/batch/v1/types.ts';
import type { Container, PodSpec, PodTemplateSpec } from '../../../../generated/core/v1/types.ts';
import { jsonEqual } from '../../../meta/index.ts';
import { invalid, type Problem } from '../problem.ts';
import type { StoredJob } from './jobs.ts';

const IMMUTABLE = 'field is immutable';

/** What of a Job's spec may not change, beyond what its schema says. */
export function changeProblems(spec: JobSpec, { spec: old, status }: StoredJob): Problem[] {
  if (!old) return [];
  const fixed = (['completionMode', 'backoffLimitPerIndex'] as const).filter(
    (name) => spec[name] !== old[name],
  );
  const isWaiting = old.suspend === true && status?.startTime === undefined;
  const template = isWaiting ? asScheduled(spec.template, old.template) : old.template;
  return [
    ...completionsProblems(spec, old),
    ...(jsonEqual(spec.template, template)
      ? []
      : [invalid('spec.template', spec.template, IMMUTABLE)]),
    ...fixed.map((name) => invalid(`spec.${name}`, spec[name] ?? null, IMMUTABLE)),
  ];
}

/** An Indexed Job may become smaller or larger as long as all its pods may run at once. */
function completionsProblems(spec: JobSpec, old: JobSpec): Problem[] {
  const { completions, parallelism, completionMode } = spec;
  if (completions === old.completions) return [];
  if (completionMode !== 'Indexed' || completions === undefined)
    return [invalid('spec.completions', completions ?? null, IMMUTABLE)];
  return completions === parallelism
    ? []
    : [
        invalid(
          'spec.completions',
          completions,
          'can only be modified in tandem with spec.parallelism',
        ),
      ];
}

/**
 * The old template with what may change of it while the Job has never run: where its pods may go, their labels and annotations, and
 * the resources of their containers.
 */
function asScheduled(
  now: PodTemplateSpec | undefined,
  old: PodTemplateSpec | undefined,
): PodTemplateSpec | undefined {
  if (!now?.spec || !old?.spec) return old;
  const { labels, annotations } = now.metadata ?? {};
  const { labels: _, annotations: __, ...metadata } = old.metadata ?? {};
  return {
    ...old,
    metadata: {
      ...metadata,
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
    },
    spec: movable(now.spec, old.spec),
  };
}

const MOVABLE = ['nodeSelector', 'tolerations', 'schedulingGates'] as const;

function movable(now: PodSpec, old: PodSpec): PodSpec {
  const { nodeSelector: _, tolerations: __, schedulingGates: ___, affinity, ...kept } = old;
  const nodeAffinity = now.affinity?.nodeAffinity;
  const { nodeAffinity: ____, ...others } = affinity ?? {};
  const merged = { ...others, ...(nodeAffinity ? { nodeAffinity } : {}) };
  const hasAffinity = now.affinity !== undefined || Object.keys(merged).length > 0;
  return {
    ...kept,
    ...Object.fromEntries(
      MOVABLE.flatMap((name) => (now[name] === undefined ? [] : [[name, now[name]]])),
    ),
    ...(hasAffinity ? { affinity: merged } : {}),
    containers: withResources(now.containers, old.containers),
    ...(old.initContainers
      ? { initContainers: withResources(now.initContainers, old.initContainers) }
      : {}),
  } as PodSpec;
}

function withResources(
  now: readonly Container[] = [],
  old: readonly Container[] = [],
): readonly Container[] {
  return old.map((container, at) => {
    const resources = now[at]?.resources;
    const { resources: _, ...kept } = container;
    return resources ? { ...kept, resources } : kept;
  });
}
