import type { Problem } from './strategies/problem.ts';

/** A path that the API reports otherwise than the schema has it, of all kinds or of one. */
interface Renaming {
  readonly kind?: string;
  readonly from: RegExp;
  readonly to: string;
  /** Problems whose message says this keep their path. */
  readonly unless?: string;
  /** A value that is none of those allowed is told as invalid, in these words. */
  readonly words?: string;
}

/** Kubernetes' odd paths. The schema checks the values; what is found at `from` is told at `to`. */
const RENAMINGS: readonly Renaming[] = [
  { from: /^metadata\.ownerReferences\[\d+\]\./, to: 'metadata.ownerReferences.' },
  { from: /\.schedulingGates\[(\d+)\]\.name$/, to: '.schedulingGates[$1]' },
  { from: /\.httpHeaders\[\d+\]\.name$/, to: '.httpHeaders' },
  { from: /(\.volumes\[\d+\])\.downwardAPI$/, to: '$1.downwarAPI' },
  { from: /((?:^|\.)(?:volumes\[\d+\]|spec))\.cephfs$/, to: '$1.cephFS' },
  { from: /(\.volumes\[\d+\])\.gcePersistentDisk\./, to: '$1.persistentDisk.' },
  { from: /\.downwardAPI\.items\[\d+\]/, to: '.downwardAPI' },
  {
    from: /\.volumeMounts\[\d+\]\.(subPath|subPathExpr|mountPropagation|recursiveReadOnly)$/,
    to: '.volumeMounts.$1',
    unless: 'mutually exclusive',
  },
  {
    from: /^spec\.template\.metadata\.(labels|annotations)/,
    to: 'spec.template.$1',
    unless: '`selector` does not match template `labels`',
  },
  {
    from: /^spec\.jobTemplate\.spec\.template\.metadata\.(labels|annotations)/,
    to: 'spec.jobTemplate.spec.template.$1',
  },
  { from: /\.accessModes\[\d+\]$/, to: '.accessModes' },
  {
    kind: 'csidrivers.storage.k8s.io',
    from: /^spec\.attachRequired$/,
    to: 'spec.attachedRequired',
  },
  {
    kind: 'csidrivers.storage.k8s.io',
    from: /^spec\.volumeLifecycleModes\[\d+\]$/,
    to: 'spec.volumeLifecycleModes',
  },
  { kind: 'daemonsets.apps', from: /^spec\.updateStrategy\.type$/, to: 'spec.updateStrategy' },
  {
    kind: 'horizontalpodautoscalers.autoscaling',
    from: /\.target\.type$/,
    to: '.target.type',
    words: 'must be either Utilization, Value, or AverageValue',
  },
  {
    kind: 'persistentvolumes',
    from: /^spec\.gcePersistentDisk\./,
    to: 'spec.persistentDisk.',
  },
  { kind: 'nodes', from: /^spec\.taints\[/, to: 'metadata.taints[' },
  { kind: 'pods', from: /^status\.conditions\[(\d+)\]\.type$/, to: 'metadata.conditions[$1].Type' },
  {
    kind: 'runtimeclasses.node.k8s.io',
    from: /^scheduling\.tolerations\[/,
    to: 'scheduling.tolerations.tolerations[',
  },
  {
    kind: 'statefulsets.apps',
    from: /^spec\.podManagementPolicy$/,
    to: 'spec.podManagementPolicy',
    words: "must be 'OrderedReady' or 'Parallel'",
  },
  {
    kind: 'statefulsets.apps',
    from: /^spec\.updateStrategy\.type$/,
    to: 'spec.updateStrategy',
    words: "must be 'RollingUpdate' or 'OnDelete'",
  },
  {
    kind: 'services',
    from: /^spec\.loadBalancerSourceRanges/,
    to: 'spec.LoadBalancerSourceRanges',
  },
];

/** What the schema found, at the paths under which the API of the kind reports it. */
export function renamed(kind: string, problems: readonly Problem[]): readonly Problem[] {
  return problems.length === 0 ? problems : problems.map((problem) => rename(kind, problem));
}

function rename(kind: string, problem: Problem): Problem {
  const renaming = RENAMINGS.find(
    ({ kind: only, from, unless }) =>
      (only === undefined || only === kind) &&
      from.test(problem.field) &&
      !(unless && problem.message.includes(unless)),
  );
  if (!renaming) return problem;
  const field = problem.field.replace(renaming.from, renaming.to);
  const value = renaming.words && UNSUPPORTED.exec(problem.message)?.[1];
  return value
    ? { field, reason: 'FieldValueInvalid', message: `Invalid value: ${value}: ${renaming.words}` }
    : { ...problem, field };
}

const UNSUPPORTED = /^Unsupported value: (.*): supported values: /;
