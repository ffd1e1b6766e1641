import type { GatePlugin } from '../framework.ts';

/** Keeps a pod out of the queue while it has scheduling gates. */
export const schedulingGates: GatePlugin = {
  kind: 'gate',
  name: 'SchedulingGates',
  preEnqueue(pod) {
    const gates = pod.spec?.schedulingGates ?? [];
    if (gates.length === 0) return undefined;
    const names = gates.map(({ name }) => name).join(' ');
    return {
      plugin: 'SchedulingGates',
      code: 'UnschedulableAndUnresolvable',
      reasons: [`waiting for scheduling gates: [${names}]`],
    };
  },
};
