import { customresourcedefinitions } from '../../generated/apiextensions/v1/resources.ts';
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
  JSONSchemaProps,
} from '../../generated/apiextensions/v1/types.ts';
import type { KubeObject, ResourceRef } from '../meta/index.ts';

export const GROUP = 'sea.example.com';

/** A custom resource of these tests. */
export interface Boat extends KubeObject {
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

/** `boats.sea.example.com` in a version. */
export const boatsIn = (version = 'v1'): ResourceRef<Boat> => ({
  group: GROUP,
  version,
  resource: 'boats',
  kind: 'Boat',
  namespaced: true,
});

export const BOATS = boatsIn();

/** A version that is served and stored, with this schema of `spec`. */
export function version(
  spec: JSONSchemaProps = { type: 'object', properties: { crew: { type: 'integer' } } },
  more: Partial<CustomResourceDefinitionVersion> = {},
): CustomResourceDefinitionVersion {
  return {
    name: 'v1',
    served: true,
    storage: true,
    schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
    ...more,
  };
}

/** The definition of boats. */
export function boatDefinition(
  versions: readonly CustomResourceDefinitionVersion[] = [version()],
  more: Partial<CustomResourceDefinitionSpec> = {},
): CustomResourceDefinition {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `boats.${GROUP}` },
    spec: {
      group: GROUP,
      scope: 'Namespaced',
      names: { plural: 'boats', kind: 'Boat', shortNames: ['bt'] },
      versions,
      ...more,
    },
  };
}

export const boat = (name: string, spec: Record<string, unknown> = {}, more = {}): Boat => ({
  apiVersion: `${GROUP}/v1`,
  kind: 'Boat',
  metadata: { name, namespace: 'default', ...more },
  spec,
});

export { customresourcedefinitions as DEFINITIONS };
