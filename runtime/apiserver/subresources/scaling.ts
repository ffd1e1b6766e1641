import type { LabelSelector } from '../../../generated/meta/v1/types.ts';
import { badRequest, formatSelector, type KubeObject, valueAt } from '../../meta/index.ts';
import type { ServedKind } from '../kind.ts';

export interface Scale extends KubeObject {
  readonly spec?: { readonly replicas?: number };
}

function pathsOf(kind: ServedKind): NonNullable<ServedKind['descriptor']['subresources']['scale']> {
  return kind.descriptor.subresources.scale!;
}

/** The scale of an object of a kind that has one. */
export function scaleOf(kind: ServedKind, object: KubeObject): Scale {
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = pathsOf(kind);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = labelSelectorPath ? valueAt(object, labelSelectorPath) : undefined;
  const text = selector && typeof selector === 'object' ? formatSelector(selectorOf(selector)) : '';
  const replicas = Number(valueAt(object, specReplicasPath) ?? 0);
  const status = {
    replicas: Number(valueAt(object, statusReplicasPath) ?? 0),
    ...(text ? { selector: text } : {}),
  };
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      ...(name ? { name } : {}),
      ...(namespace ? { namespace } : {}),
      ...(uid ? { uid } : {}),
      ...(resourceVersion ? { resourceVersion } : {}),
      ...(creationTimestamp ? { creationTimestamp } : {}),
    },
    spec: replicas === 0 ? {} : { replicas },
    status,
  } as Scale;
}

/** An object as big as a scale says. */
export function scaled(kind: ServedKind, { spec }: Scale, live: KubeObject): KubeObject {
  const { replicas = 0 } = spec ?? {};
  if (!Number.isInteger(replicas) || replicas < 0)
    throw badRequest(
      `spec.replicas must be a whole number from 0 on; got ${JSON.stringify(replicas)}`,
    );
  return withValue(live, replicasPath(kind), replicas) as KubeObject;
}

export function replicasPath(kind: ServedKind): readonly string[] {
  return pathsOf(kind).specReplicasPath.replace(/^\./, '').split('.');
}

/** The value with another one at a path. */
export function withValue(
  object: unknown,
  [step, ...rest]: readonly string[],
  value: unknown,
): unknown {
  if (step === undefined) return value;
  const base = (object ?? {}) as Record<string, unknown>;
  return { ...base, [step]: withValue(base[step], rest, value) };
}

/** A selector of either form: of requirements, or the plain pairs of older kinds. */
function selectorOf(selector: object): LabelSelector {
  const isStructured = 'matchLabels' in selector || 'matchExpressions' in selector;
  return (isStructured ? selector : { matchLabels: selector }) as LabelSelector;
}
