import { pods, services } from '../../../../generated/core/v1/resources.ts';
import type { Pod } from '../../../../generated/core/v1/types.ts';
import type { EndpointSlice } from '../../../../generated/discovery/v1/types.ts';
import { conditionOf } from '../../../meta/index.ts';
import type { RuleMaker } from '../rule.ts';

const SERVICE = 'kubernetes.io/service-name';
/** Pods whose last moment of readiness is remembered. */
const REMEMBERED_MAX = 20_000;

/**
 * When a slice of endpoints is written, the pods that it calls ready are ready, as far as its controller could see: with a watch that is
 * late, they were within that time.
 */
export const endpoints: RuleMaker = ({ lister, now, lateness }) => {
  const podLister = lister(pods);
  const serviceLister = lister(services);
  const readyUntil = new Map<string, number>();
  return {
    name: 'endpoints that are ready are pods that are ready',
    resources: ['endpointslices', 'pods'],
    check({ type, object, previous }, resource) {
      if (resource === 'pods') {
        const before = type === 'DELETED' ? object : previous;
        const pod = before as unknown as Pod | undefined;
        if (pod && isReady(pod)) note(readyUntil, pod.metadata.uid ?? '', now());
        return undefined;
      }
      if (type === 'DELETED') return undefined;
      const slice = object as unknown as EndpointSlice;
      const { namespace, labels } = slice.metadata;
      const service = serviceLister.get(labels?.[SERVICE] ?? '', namespace);
      if (!service || service.spec?.publishNotReadyAddresses) return undefined;
      const sinceMs = now() - lateness('endpointslice');
      for (const { conditions, targetRef } of slice.endpoints ?? []) {
        if (targetRef?.kind !== 'Pod' || conditions?.ready === false) continue;
        const pod = podLister.get(targetRef.name ?? '', targetRef.namespace ?? namespace);
        if (pod && pod.metadata.uid === targetRef.uid && isReady(pod)) continue;
        if ((readyUntil.get(targetRef.uid ?? '') ?? -1) >= sinceMs) continue;
        return `calls ${targetRef.name} ready, which is not`;
      }
      return undefined;
    },
  };
};

function isReady({ status, metadata }: Pod): boolean {
  return !metadata.deletionTimestamp && conditionOf(status?.conditions, 'Ready')?.status === 'True';
}

function note(readyUntil: Map<string, number>, uid: string, nowMs: number): void {
  readyUntil.delete(uid);
  readyUntil.set(uid, nowMs);
  if (readyUntil.size <= REMEMBERED_MAX) return;
  const [oldest] = readyUntil.keys();
  readyUntil.delete(oldest!);
}
