import type { Service } from '../../../generated/core/v1/types.ts';
import type { Labels } from '../../meta/index.ts';
import { isHeadless } from '../service-pods.ts';

export const SERVICE_NAME = 'kubernetes.io/service-name';
export const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
export const MANAGER = 'endpointslice-controller.k8s.io';
const HEADLESS = 'service.kubernetes.io/headless';
const RESERVED: ReadonlySet<string> = new Set([SERVICE_NAME, MANAGED_BY, HEADLESS]);

/** The labels of a service's slices: its own, without those that are reserved for slices, and these. */
export function sliceLabels(service: Service): Labels {
  const { metadata } = service;
  const own = Object.entries(metadata.labels ?? {}).filter(([key]) => !RESERVED.has(key));
  return {
    ...Object.fromEntries(own),
    [MANAGED_BY]: MANAGER,
    [SERVICE_NAME]: metadata.name ?? '',
    ...(isHeadless(service) ? { [HEADLESS]: '' } : {}),
  };
}

/** Whether a slice carries the service's labels; the reserved ones are not looked at, as upstream. */
export function hasServiceLabels(labels: Labels | undefined, wanted: Labels): boolean {
  const count = (of: Labels): number => Object.keys(of).filter((key) => !RESERVED.has(key)).length;
  const have = labels ?? {};
  if (count(have) !== count(wanted)) return false;
  return Object.keys(wanted).every((key) => RESERVED.has(key) || have[key] === wanted[key]);
}
