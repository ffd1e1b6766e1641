import type { Behaviour, BehaviourSpec } from '../../generated/cluster/v1/types.ts';
import type { Container, Pod } from '../../generated/core/v1/types.ts';
import { matchesLabelSelector } from '../meta/index.ts';

/** A Behaviour ready to be asked. */
export interface CompiledBehaviour {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly createdAt: string | undefined;
  readonly spec: BehaviourSpec;
  readonly image: RegExp | undefined;
}

/** In the order in which they are asked: higher priority first, then by name. */
export function compileBehaviours(behaviours: readonly Behaviour[]): CompiledBehaviour[] {
  return behaviours
    .map(({ metadata, spec = {} }) => ({
      name: metadata?.name ?? '',
      namespace: metadata?.namespace,
      createdAt: metadata?.creationTimestamp,
      spec,
      image: spec.image === undefined ? undefined : globPattern(spec.image),
    }))
    .sort(
      (a, b) =>
        (b.spec.priority ?? 0) - (a.spec.priority ?? 0) ||
        (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
    );
}

/** The behaviours that are about this container of this pod, the strongest first. */
export function matching(
  behaviours: readonly CompiledBehaviour[],
  pod: Pod,
  container: Container,
): CompiledBehaviour[] {
  const { namespace, labels = {} } = pod.metadata ?? {};
  return behaviours.filter(
    ({ spec, image, namespace: own }) =>
      (own === undefined || own === namespace) &&
      (spec.container === undefined || spec.container === container.name) &&
      (image === undefined || image.test(container.image ?? '')) &&
      (spec.selector === undefined || matchesLabelSelector(spec.selector, labels)),
  );
}

/** `*` for any run of characters, `?` for one: `registry.example/shop/*`. */
export function globPattern(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}
