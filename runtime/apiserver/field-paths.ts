import type { Problem } from './strategies/problem.ts';

/** A path that the API reports otherwise than the schema has it, of all kinds or of one. */
interface Renaming {
  readonly kind?: string;
  readonly from: RegExp;
  readonly to: string;
  /** Problems whose message says this keep their path. */
  readonly unless?: string;
}

/** Kubernetes' odd paths. The schema checks the values; what is found at `from` is told at `to`. */
const RENAMINGS: readonly Renaming[] = [
  { from: /^metadata\.ownerReferences\[\d+\]\./, to: 'metadata.ownerReferences.' },
  { from: /\.schedulingGates\[(\d+)\]\.name$/, to: '.schedulingGates[$1]' },
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
  return { ...problem, field: problem.field.replace(renaming.from, renaming.to) };
}
