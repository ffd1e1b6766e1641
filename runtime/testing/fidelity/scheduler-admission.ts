import type { Container, Pod } from '../../../generated/core/v1/types.ts';

/** Kinds of the recorded objects that admission reads. */
export interface AdmissionObjects {
  readonly runtimeClasses: readonly RuntimeClass[];
  readonly priorityClasses: readonly PriorityClass[];
}

interface Named {
  readonly metadata: { readonly name: string };
}

export interface RuntimeClass extends Named {
  readonly overhead?: { readonly podFixed?: object };
  readonly scheduling?: {
    readonly nodeSelector?: object;
    readonly tolerations?: readonly object[];
  };
}

export interface PriorityClass extends Named {
  readonly value: number;
  readonly preemptionPolicy?: string;
  readonly globalDefault?: boolean;
}

const SYSTEM_PRIORITIES: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};

const DEFAULT_TOLERATIONS = ['not-ready', 'unreachable'].map((name) => ({
  key: `node.kubernetes.io/${name}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}));

/**
 * What admission and defaulting do to a pod before the scheduler sees it, as far as it matters here: requests from
 * limits, host ports on the host's network, overhead and place of its runtime class, priority, default tolerations.
 */
export function admitted(pod: Pod, { runtimeClasses, priorityClasses }: AdmissionObjects): Pod {
  const { spec } = pod;
  const runtime = runtimeClasses.find(({ metadata }) => metadata.name === spec?.runtimeClassName);
  const container = (each: Container): object => ({
    ...each,
    ...(spec?.hostNetwork && each.ports
      ? { ports: each.ports.map((port) => ({ ...port, hostPort: port.containerPort })) }
      : {}),
    resources: {
      ...each.resources,
      requests: { ...each.resources?.limits, ...each.resources?.requests },
    },
  });
  return {
    ...pod,
    metadata: { uid: pod.metadata.name, namespace: 'default', ...pod.metadata },
    spec: {
      ...spec,
      containers: (spec?.containers ?? []).map(container),
      ...(spec?.initContainers ? { initContainers: spec.initContainers.map(container) } : {}),
      ...(runtime?.overhead ? { overhead: runtime.overhead.podFixed } : {}),
      ...(runtime?.scheduling?.nodeSelector
        ? { nodeSelector: { ...runtime.scheduling.nodeSelector, ...spec?.nodeSelector } }
        : {}),
      ...priorityOf(pod, priorityClasses),
      tolerations: [
        ...(spec?.tolerations ?? []),
        ...(runtime?.scheduling?.tolerations ?? []),
        ...DEFAULT_TOLERATIONS,
      ],
    },
  } as Pod;
}

function priorityOf({ spec }: Pod, classes: readonly PriorityClass[]): object {
  const name = spec?.priorityClassName;
  const found = classes.find(({ metadata, globalDefault }) =>
    name ? metadata.name === name : globalDefault,
  );
  const priority = found?.value ?? SYSTEM_PRIORITIES[name ?? ''] ?? spec?.priority ?? 0;
  const preemptionPolicy = spec?.preemptionPolicy ?? found?.preemptionPolicy;
  return { priority, ...(preemptionPolicy ? { preemptionPolicy } : {}) };
}
