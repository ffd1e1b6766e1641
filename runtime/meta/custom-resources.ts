import type { CustomResourceDefinition } from '../../generated/apiextensions/v1/types.ts';
import type { ResourceRef } from './api.ts';
import { isConditionTrue } from './conditions.ts';
import type { KubeObject } from './object.ts';

/** The resource that a definition has made, in the version in which its objects are stored; undefined while it is not established. */
export function customResource(
  definition: CustomResourceDefinition,
): ResourceRef<KubeObject> | undefined {
  const { spec, status } = definition;
  if (!isConditionTrue(status?.conditions, 'Established')) return undefined;
  const { plural, kind } = status?.acceptedNames ?? {};
  const version = spec?.versions?.find(({ storage }) => storage)?.name;
  if (!plural || !kind || !version) return undefined;
  const namespaced = spec?.scope === 'Namespaced';
  return { group: spec?.group ?? '', version, resource: plural, kind, namespaced };
}
