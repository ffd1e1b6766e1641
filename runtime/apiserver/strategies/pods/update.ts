import type {
  Affinity,
  Container,
  NodeSelectorTerm,
  PodSpec,
} from '../../../../generated/core/v1/types.ts';
import { jsonEqual } from '../../../meta/index.ts';
import { forbidden, invalid, type Problem } from '../problem.ts';

/** What of a changed spec must not change. Pods of a changed number of containers are not looked at any further. */
export function updateProblems(spec: PodSpec, old: PodSpec): Problem[] {
  for (const list of ['containers', 'initContainers'] as const)
    if ((spec[list]?.length ?? 0) !== (old[list]?.length ?? 0))
      return [forbidden(`spec.${list}`, 'pod updates may not add or remove containers')];
  const isGated = (old.schedulingGates?.length ?? 0) > 0;
  const problems = [
    ...deadlineProblems(spec, old),
    ...tolerationProblems(spec, old),
    ...gateProblems(spec, old),
    ...(isGated ? [...selectorProblems(spec, old), ...affinityProblems(spec, old)] : []),
  ];
  if (problems.length > 0) return problems;
  const rest = masked(spec, old, isGated);
  return jsonEqual(rest, old) ? [] : [forbidden('spec', `${CHANGEABLE}\n${difference(rest, old)}`)];
}

/** Containers that were put into a running pod stay as they are. */
export function ephemeralProblems(spec: PodSpec, old: PodSpec): Problem[] {
  const field = 'spec.ephemeralContainers';
  return (old.ephemeralContainers ?? []).flatMap((before) => {
    const now = spec.ephemeralContainers?.find(({ name }) => name === before.name);
    if (!now)
      return [
        forbidden(field, `existing ephemeral containers "${before.name}" may not be removed\n`),
      ];
    if (jsonEqual(now, before)) return [];
    const how = difference(now, before);
    return [
      forbidden(field, `existing ephemeral containers "${before.name}" may not be changed\n${how}`),
    ];
  });
}

const CHANGEABLE =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,' +
  '`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),' +
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** Which fields differ, and how, one a line. */
function difference(now: object, before: object): string {
  const [new_, old] = [now, before] as unknown as Record<string, unknown>[];
  const fields = [...new Set([...Object.keys(old!), ...Object.keys(new_!)])].sort();
  return fields
    .filter((field) => !jsonEqual(new_![field], old![field]))
    .map((field) => `  ${field}: ${shown(old![field])} -> ${shown(new_![field])}`)
    .join('\n');
}

const shown = (value: unknown): string => JSON.stringify(value) ?? 'none';

function deadlineProblems(spec: PodSpec, old: PodSpec): Problem[] {
  const field = 'spec.activeDeadlineSeconds';
  const [now, before] = [spec.activeDeadlineSeconds, old.activeDeadlineSeconds];
  if (before === undefined || now === before) return [];
  if (now === undefined)
    return [invalid(field, null, 'must not update from a positive integer to nil value')];
  return now > before ? [invalid(field, now, 'must be less than or equal to previous value')] : [];
}

function tolerationProblems(spec: PodSpec, old: PodSpec): Problem[] {
  const isKept = (old.tolerations ?? []).every(({ tolerationSeconds: _, ...wanted }) =>
    spec.tolerations?.some(({ tolerationSeconds: __, ...each }) => jsonEqual(each, wanted)),
  );
  const message = 'existing toleration can not be modified except its tolerationSeconds';
  return isKept ? [] : [forbidden('spec.tolerations', message)];
}

function gateProblems(spec: PodSpec, old: PodSpec): Problem[] {
  return (spec.schedulingGates ?? []).flatMap(({ name }, at) =>
    old.schedulingGates?.some((each) => each.name === name)
      ? []
      : [
          forbidden(
            `spec.schedulingGates[${at}].name`,
            `only deletion is allowed, but found new scheduling gate '${name}'`,
          ),
        ],
  );
}

function selectorProblems({ nodeSelector = {} }: PodSpec, old: PodSpec): Problem[] {
  const isKept = Object.entries(old.nodeSelector ?? {}).every(
    ([key, value]) => nodeSelector[key] === value,
  );
  const message = 'only additions to spec.nodeSelector are allowed (no mutations or deletions)';
  return isKept ? [] : [invalid('spec.nodeSelector', nodeSelector, message)];
}

const TERMS =
  'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';

function affinityProblems(spec: PodSpec, old: PodSpec): Problem[] {
  const [terms, before] = [termsOf(spec), termsOf(old)];
  if (before.length === 0) return [];
  if (terms.length !== before.length) {
    const message = 'no additions/deletions to non-empty NodeSelectorTerms list are allowed';
    return [invalid(TERMS, terms, message)];
  }
  return terms.flatMap((term, at) =>
    onlyAdds(term, before[at]!)
      ? []
      : [
          invalid(
            `${TERMS}[${at}]`,
            term,
            'only additions are allowed (no mutations or deletions)',
          ),
        ],
  );
}

function termsOf({ affinity }: PodSpec): readonly NodeSelectorTerm[] {
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required?.nodeSelectorTerms ?? [];
}

/** Whether a term narrows the one before: an empty one matches nothing and must stay so. */
function onlyAdds(term: NodeSelectorTerm, before: NodeSelectorTerm): boolean {
  const starts = (now: readonly unknown[] = [], old: readonly unknown[] = []): boolean =>
    old.every((each, at) => jsonEqual(each, now[at]));
  const isEmpty = !before.matchExpressions?.length && !before.matchFields?.length;
  if (isEmpty) return jsonEqual(term, before);
  return (
    starts(term.matchExpressions, before.matchExpressions) &&
    starts(term.matchFields, before.matchFields)
  );
}

/** The new spec with everything that may change as it was. */
function masked(spec: PodSpec, old: PodSpec, isGated: boolean): PodSpec {
  const kept = ['activeDeadlineSeconds', 'tolerations', 'schedulingGates'] as const;
  const fields: (keyof PodSpec)[] = isGated ? [...kept, 'nodeSelector'] : [...kept];
  const grace = spec.terminationGracePeriodSeconds;
  if (grace === 1 && (old.terminationGracePeriodSeconds ?? 0) < 0)
    fields.push('terminationGracePeriodSeconds');
  const result: Record<string, unknown> = { ...spec };
  for (const field of fields) restore(result, field, old[field]);
  restore(result, 'containers', withImages(spec.containers, old.containers));
  restore(result, 'initContainers', withImages(spec.initContainers, old.initContainers));
  if (isGated) restore(result, 'affinity', withNodeAffinity(spec.affinity, old.affinity));
  return result as unknown as PodSpec;
}

function restore(spec: Record<string, unknown>, field: string, value: unknown): void {
  if (value === undefined) delete spec[field];
  else spec[field] = value;
}

function withImages(
  now: readonly Container[] | undefined,
  before: readonly Container[] = [],
): readonly Container[] | undefined {
  return now?.map((container, at) => {
    const { image: _, ...rest } = container;
    const image = before[at]?.image;
    return image === undefined ? rest : { ...rest, image };
  });
}

function withNodeAffinity(now: Affinity = {}, before: Affinity | undefined): Affinity | undefined {
  const { nodeAffinity: _, ...others } = now;
  const nodeAffinity = before?.nodeAffinity;
  const affinity = { ...others, ...(nodeAffinity ? { nodeAffinity } : {}) };
  return before === undefined && Object.keys(affinity).length === 0 ? undefined : affinity;
}
