import { clusterEvents, type LocalPlugin, type Rejection } from '../framework.ts';
import { firstUntolerated, tolerates } from '../tolerations.ts';

const NAME = 'TaintToleration';

function refusal(reason: string): Rejection {
  return { plugin: NAME, code: 'UnschedulableAndUnresolvable', reasons: [reason] };
}

const REFUSED = refusal('node(s) had untolerated taint(s)');

/**
 * Keeps pods off nodes with taints they do not tolerate, and prefers nodes with fewer PreferNoSchedule taints that they
 * do not tolerate. Up to 1.34 the reason names the taint.
 */
export function taintToleration(options: { readonly namesTaint: boolean }): LocalPlugin {
  return {
    kind: 'local',
    name: NAME,
    events: clusterEvents.nodeAdded | clusterEvents.nodeTaints | clusterEvents.ownUpdate,
    isWorthRetry: (pod, { node }) =>
      !node?.facts || !firstUntolerated(node.facts.hardTaints, pod.requirements.tolerations),
    filter(pod, { facts }) {
      if (facts!.hardTaints.length === 0) return undefined;
      const taint = firstUntolerated(facts!.hardTaints, pod.tolerations);
      if (!taint) return undefined;
      if (!options.namesTaint) return REFUSED;
      return refusal(`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`);
    },
    score(pod, { facts }) {
      if (facts!.softTaints.length === 0) return 0;
      const relevant = pod.tolerations.filter(
        ({ effect }) => !effect || effect === 'PreferNoSchedule',
      );
      return facts!.softTaints.filter((taint) => !relevant.some((each) => tolerates(each, taint)))
        .length;
    },
    normalize: 'reversed',
  };
}
