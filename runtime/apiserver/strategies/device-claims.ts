import type {
  DeviceClaim,
  DeviceSubRequest,
  ResourceClaim,
  ResourceClaimTemplate,
  ResourceSlice,
} from '../../../generated/resource/v1/types.ts';
import { formatTime, type KubeObject } from '../../meta/index.ts';
import type { Strategy } from './strategy.ts';

type Amount = Pick<DeviceSubRequest, 'allocationMode' | 'count'>;

/** One device, where a number of them is asked for and none is given. */
function counted<T extends Amount>(request: T): T {
  const { allocationMode = 'ExactCount', count = 0 } = request;
  return allocationMode === 'ExactCount' && count === 0 ? { ...request, count: 1 } : request;
}

function complete(claim: DeviceClaim): DeviceClaim {
  if (!claim.requests) return claim;
  const requests = claim.requests.map((request) => ({
    ...request,
    ...(request.exactly && { exactly: counted(request.exactly) }),
    ...(request.firstAvailable && { firstAvailable: request.firstAvailable.map(counted) }),
  }));
  return { ...claim, requests };
}

function completeClaim<T extends ResourceClaim>(claim: T): T {
  const devices = claim.spec?.devices;
  return devices ? { ...claim, spec: { ...claim.spec, devices: complete(devices) } } : claim;
}

function completeTemplate<T extends ResourceClaimTemplate>(template: T): T {
  const devices = template.spec?.spec?.devices;
  if (!devices) return template;
  const spec = { ...template.spec, spec: { ...template.spec.spec, devices: complete(devices) } };
  return { ...template, spec };
}

/** Taints without a time came now. */
function timed<T extends ResourceSlice>(slice: T, nowMs: number): T {
  if (!slice.spec?.devices?.some(({ taints }) => taints?.some((each) => !each.timeAdded)))
    return slice;
  const timeAdded = formatTime(nowMs);
  const devices = slice.spec.devices.map((device) =>
    device.taints
      ? { ...device, taints: device.taints.map((taint) => ({ timeAdded, ...taint })) }
      : device,
  );
  return { ...slice, spec: { ...slice.spec, devices } };
}

/** ResourceClaims: requests that name no number of devices ask for one. */
export const resourceClaims: Strategy<ResourceClaim & KubeObject> = {
  prepareCreate: completeClaim,
  prepareUpdate: completeClaim,
};

export const resourceClaimTemplates: Strategy<ResourceClaimTemplate & KubeObject> = {
  prepareCreate: completeTemplate,
  prepareUpdate: completeTemplate,
};

/** ResourceSlices: taints of devices know since when they are. */
export const resourceSlices: Strategy<ResourceSlice & KubeObject> = {
  prepareCreate: (slice, context) => timed(slice, context.now()),
  prepareUpdate: (slice, _, context) => timed(slice, context.now()),
};
