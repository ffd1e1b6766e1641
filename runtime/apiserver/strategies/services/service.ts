import type { Service, ServiceSpec } from '../../../../generated/core/v1/types.ts';
import type { KubeObject } from '../../../meta/index.ts';

export type StoredService = Service & KubeObject;

export const hasNodePorts = ({ type }: ServiceSpec): boolean =>
  type === 'NodePort' || type === 'LoadBalancer';
export const hasAddress = ({ type }: ServiceSpec): boolean => type !== 'ExternalName';
export const needsHealthPort = ({ type, externalTrafficPolicy }: ServiceSpec): boolean =>
  type === 'LoadBalancer' && externalTrafficPolicy === 'Local';
