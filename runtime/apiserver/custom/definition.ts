import type {
  CustomResourceDefinition,
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
} from '../../../generated/apiextensions/v1/types.ts';
import { isConditionTrue, type KubeObject } from '../../meta/index.ts';

/** Id of the resource of definitions. */
export const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';

/** A definition as it is stored. */
export type Definition = CustomResourceDefinition &
  KubeObject & { readonly spec: CustomResourceDefinitionSpec };

export type DefinitionVersion = CustomResourceDefinitionVersion;

/** Whether requests for the kind are answered. */
export function isServed({ status }: Definition): boolean {
  return (
    isConditionTrue(status?.conditions, 'NamesAccepted') ||
    isConditionTrue(status?.conditions, 'Established')
  );
}

/** Whether objects are on their way out, and no new ones are taken. */
export function isTerminating({ status }: Definition): boolean {
  return isConditionTrue(status?.conditions, 'Terminating');
}

/** Whether discovery tells of the kind. */
export function isEstablished({ status }: Definition): boolean {
  return isConditionTrue(status?.conditions, 'Established');
}

/** The version in which objects are stored. */
export function storageVersion({ spec }: Definition): DefinitionVersion | undefined {
  return spec.versions?.find(({ storage }) => storage);
}
