import type { Pod, PodSpec, Toleration } from '../../../generated/core/v1/types.ts';
import type { RuntimeClass } from '../../../generated/node/v1/types.ts';
import {
  type ApiError,
  compareQuantities,
  forbidden,
  jsonEqual,
  type KubeObject,
  parseQuantity,
} from '../../meta/index.ts';
import type { Core } from '../core.ts';
import { about } from '../kind.ts';
import type { AdmissionPlugin } from './plugin.ts';

type StoredClass = RuntimeClass & KubeObject;
type Refuse = (why: string) => ApiError;
type Amounts = Readonly<Record<string, string | number>>;

const CLASSES = 'runtimeclasses.node.k8s.io';

/** Gives a new pod what its runtime class costs, and the nodes that have it; refuses a class that is not there. */
export const runtimeClass: AdmissionPlugin = {
  name: 'RuntimeClass',
  resource: 'pods',
  mutate({ operation, kind, object }, core) {
    const pod = object as KubeObject & Pod;
    if (operation !== 'CREATE' || !pod.spec) return object;
    const refuse: Refuse = (why) => forbidden(about(kind, pod.metadata.name), why);
    const found = classOf(pod.spec, core, refuse);
    const spec = placed(charged(pod.spec, found, refuse), found, refuse);
    return spec === pod.spec ? object : ({ ...pod, spec } as KubeObject);
  },
  validate({ operation, kind, object }, core) {
    const { metadata, spec } = object as KubeObject & Pod;
    if (operation !== 'CREATE' || !spec?.overhead || Object.keys(spec.overhead).length === 0)
      return;
    const refuse: Refuse = (why) => forbidden(about(kind, metadata.name), why);
    if (classOf(spec, core, refuse)?.overhead) return;
    throw refuse(
      'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead',
    );
  },
};

function classOf({ runtimeClassName: name }: PodSpec, core: Core, refuse: Refuse) {
  if (!name) return undefined;
  const found = core.object(CLASSES, name) as StoredClass | undefined;
  if (!found) throw refuse(`pod rejected: RuntimeClass "${name}" not found`);
  return found;
}

function charged(spec: PodSpec, found: StoredClass | undefined, refuse: Refuse): PodSpec {
  if (!found?.overhead) return spec;
  const overhead = found.overhead.podFixed ?? {};
  const own = spec.overhead ?? {};
  if (Object.keys(own).length > 0 && !sameAmounts(own, overhead))
    throw refuse("pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
  return { ...spec, overhead };
}

function sameAmounts(a: Amounts, b: Amounts): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => {
      const [one, other] = [parseQuantity(String(a[name])), parseQuantity(String(b[name]))];
      return one && other && compareQuantities(one, other) === 0;
    })
  );
}

function placed(spec: PodSpec, found: StoredClass | undefined, refuse: Refuse): PodSpec {
  const { nodeSelector: wanted = {}, tolerations } = found?.scheduling ?? {};
  if (!found?.scheduling) return spec;
  const own = spec.nodeSelector ?? {};
  for (const [key, value] of Object.entries(wanted))
    if (own[key] !== undefined && own[key] !== value)
      throw refuse(
        `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own[key]}`,
      );
  const nodeSelector = { ...own, ...wanted };
  return {
    ...spec,
    ...(Object.keys(nodeSelector).length > 0 ? { nodeSelector } : {}),
    ...(tolerations ? { tolerations: merged(spec.tolerations ?? [], tolerations) } : {}),
  };
}

function merged(own: readonly Toleration[], more: readonly Toleration[]): readonly Toleration[] {
  return [...own, ...more.filter((each) => !own.some((known) => jsonEqual(known, each)))];
}
