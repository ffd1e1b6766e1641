import { nodes } from '../../../../generated/core/v1/resources.ts';
import type { Pod } from '../../../../generated/core/v1/types.ts';
import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  type KubeObject,
  keyOf,
  parseQuantity,
  podAmounts,
  subtractQuantities,
} from '../../../meta/index.ts';
import type { RuleMaker } from '../rule.ts';

type Quantity = NonNullable<ReturnType<typeof parseQuantity>>;
type Sums = Map<string, Quantity>;

interface Counted {
  readonly node: string;
  readonly amounts: ReadonlyMap<string, Quantity>;
}

const ONE = parseQuantity('1')!;

/**
 * What pods that have not ended ask for fits on their node, whenever one is bound to it. A node that shrinks afterwards is not looked at;
 * neither are pods that were created on a node, whom the kubelet turns away.
 */
export const committed: RuleMaker = ({ lister }) => {
  const nodeLister = lister(nodes);
  const used = new Map<string, Sums>();
  const counted = new Map<string, Counted>();
  return {
    name: 'a node is not over-committed',
    resources: ['pods'],
    check({ type, object, previous }) {
      const pod = object as unknown as Pod;
      const key = keyOf(object);
      const before = counted.get(key);
      const now = type === 'DELETED' ? undefined : countedAs(pod);
      if (before?.node === now?.node) return undefined;
      if (before) move(used, before, subtractQuantities);
      counted.delete(key);
      if (!now) return undefined;
      move(used, now, addQuantities);
      counted.set(key, now);
      const wasBound = type === 'MODIFIED' && previous !== undefined && !nodeOf(previous);
      return wasBound
        ? excess(nodeLister.byKey(now.node), now.node, used.get(now.node)!)
        : undefined;
    },
  };
};

function nodeOf(object: KubeObject): string | undefined {
  return (object as unknown as Pod).spec?.nodeName;
}

function countedAs({ spec, status }: Pod): Counted | undefined {
  const ended = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  if (!spec?.nodeName || ended) return undefined;
  return { node: spec.nodeName, amounts: new Map(podAmounts(spec, 'requests')).set('pods', ONE) };
}

function move(
  used: Map<string, Sums>,
  { node, amounts }: Counted,
  by: (a: Quantity, b: Quantity) => Quantity,
): void {
  const sums: Sums = used.get(node) ?? new Map();
  for (const [name, amount] of amounts)
    sums.set(name, by(sums.get(name) ?? subtractQuantities(ONE, ONE), amount));
  used.set(node, sums);
}

function excess(
  node:
    | { readonly status?: { readonly allocatable?: Readonly<Record<string, unknown>> } }
    | undefined,
  name: string,
  sums: Sums,
): string | undefined {
  for (const [resource, text] of Object.entries(node?.status?.allocatable ?? {})) {
    const has = parseQuantity(String(text));
    const asked = sums.get(resource);
    if (has && asked && compareQuantities(asked, has) > 0)
      return `pods on ${name} ask for ${formatQuantity(asked)} of ${resource}, it has ${text}`;
  }
  return undefined;
}
