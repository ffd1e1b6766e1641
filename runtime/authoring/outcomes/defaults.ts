import { limitranges } from '../../../generated/core/v1/resources.ts';
import { type KubeObject, keyOf, resourceId } from '../../meta/index.ts';
import type { Related } from '../contract.ts';
import { labelOf } from '../located-resource.ts';
import type { OutcomeSources } from './origin.ts';

/** In the order in which the server looks for what a container asks that says nothing. */
const BOUNDS = ['defaultRequest', 'default', 'max', 'min'] as const;

/** Whose default an amount is that a container asks for without having said so: the limit range of its namespace. */
export function defaultedBy(
  { transport, manifestOf }: OutcomeSources,
  namespace: string,
  resource: string,
): Related[] {
  for (const limits of transport.lister(limitranges).list(namespace))
    for (const [at, each] of (limits.spec?.limits ?? []).entries()) {
      const bound = BOUNDS.find((name) => each[name]?.[resource] !== undefined);
      if (each.type !== 'Container' || !bound) continue;
      const object = limits as unknown as KubeObject;
      const manifest = manifestOf(resourceId(limitranges), keyOf(object));
      const range = manifest?.rangeOf(`spec.limits[${at}].${bound}[${resource}]`);
      if (range)
        return [{ message: `${labelOf(object)} gives ${resource} where none is asked`, range }];
    }
  return [];
}
