import type { PodSpec, Quantity } from '../../../../generated/core/v1/types.ts';
import { NEW, OLD } from './setting.ts';
import type { Pods } from './workload.ts';

const IMAGE = 'registry.k8s.io/pause:3.10';

export const requests = (cpu: Quantity, memory: Quantity = '500Mi'): PodSpec['containers'] => [
  { name: 'main', image: IMAGE, resources: { requests: { cpu, memory } } },
];

/** A pod that asks for nothing and dies at once. */
export const LIGHT: Partial<PodSpec> = {
  containers: [{ name: 'main', image: IMAGE }],
  terminationGracePeriodSeconds: 0,
};

/** Four a node leave no room for a preemptor. */
export const lowPriority = (count: number): Pods => ({
  count,
  namespaces: OLD,
  spec: { containers: requests('900m'), terminationGracePeriodSeconds: 0 },
});

export const PREEMPTOR: Omit<Pods, 'count'> = {
  namespaces: NEW,
  spec: { containers: requests('3'), priority: 10 },
};
