import type { Behaviour } from '../../generated/cluster/v1/types.ts';
import type { Pod } from '../../generated/core/v1/types.ts';
import { NO_NODES, type NodeConnection } from '../apiserver/index.ts';
import type { KubeObject } from '../meta/index.ts';
import { containerLog, execution, type Nodes, portAnswers, runningId } from '../node/index.ts';

interface Sources {
  behaviours(): readonly Behaviour[];
  nodes(): Nodes | undefined;
  now(): number;
  /** Puts into the journal what somebody has done in a container, and says under which number. */
  note(detail: object): number;
}

/** How the API server asks the simulated kubelets. */
export function nodeConnection({ behaviours, nodes, now, note }: Sources): NodeConnection {
  const asPod = (pod: KubeObject): Pod => pod as KubeObject & Pod;
  return {
    log: (pod, question) =>
      nodes()?.log(asPod(pod), question) ?? containerLog(asPod(pod), question, behaviours(), now()),
    exec: (pod, container, command, input) =>
      nodes()?.exec(asPod(pod), container, command, note, input) ??
      execution(asPod(pod), container, command, behaviours()),
    running: (pod, container) => runningId(asPod(pod), container),
    port: (pod, port) =>
      nodes()?.port(asPod(pod), port, note) ?? portAnswers(asPod(pod), port, behaviours()),
    meter: () => nodes()?.meter() ?? NO_NODES.meter(),
    answer: (node, question) => nodes()?.answer(node, question) ?? NO_NODES.answer(node, question),
    dial(node) {
      const all = nodes();
      return all ? all.dial(node) : NO_NODES.dial(node);
    },
  };
}
