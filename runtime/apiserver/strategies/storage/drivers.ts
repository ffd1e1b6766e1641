import type {
  CSIDriver,
  CSINode,
  CSINodeDriver,
  CSIStorageCapacity,
  TokenRequest,
} from '../../../../generated/storage/v1/types.ts';
import { FORMAT_CHECKS } from '../../../../generator/model/index.ts';
import { jsonEqual, type KubeObject } from '../../../meta/index.ts';
import { duplicate, invalid, type Problem, required } from '../problem.ts';
import type { Strategy } from '../strategy.ts';
import { nonnegativeProblems } from './amounts.ts';
import { driverNameProblems } from './names.ts';

/** CSIDrivers: named as a driver is, and each audience has one token. */
export const csiDrivers: Strategy<CSIDriver & KubeObject> = {
  validate({ metadata, spec }, old) {
    const { tokenRequests = [] } = spec;
    return [
      ...(old ? [] : driverNameProblems(metadata.name ?? '', 'name')),
      ...(tokenRequests === old?.spec.tokenRequests ? [] : tokenProblems(tokenRequests)),
    ];
  },
};

const SECONDS_MIN = 600;
const SECONDS_MAX = 2 ** 32;

function tokenProblems(requests: readonly TokenRequest[]): Problem[] {
  const audiences = requests.map(({ audience }) => audience);
  return requests.flatMap(({ audience, expirationSeconds: seconds }, at) => {
    const path = `spec.tokenRequests[${at}]`;
    const say = (wrong: string): Problem => invalid(`${path}.expirationSeconds`, seconds, wrong);
    return [
      ...(audiences.indexOf(audience) < at ? [duplicate(`${path}.audience`, audience)] : []),
      ...(seconds !== undefined && seconds < SECONDS_MIN
        ? [say('may not specify a duration less than 10 minutes')]
        : []),
      ...(seconds !== undefined && seconds > SECONDS_MAX
        ? [say('may not specify a duration larger than 2^32 seconds')]
        : []),
    ];
  });
}

/** CSINodes: a driver that is there stays as it is; others may come and go. */
export const csiNodes: Strategy<CSINode & KubeObject> = {
  validate({ spec }, old) {
    const { drivers = [] } = spec;
    const before = old?.spec.drivers ?? [];
    return drivers.flatMap((driver, at) => {
      const path = `spec.drivers[${at}]`;
      const stored = before.find(({ name }) => name === driver.name);
      const { allocatable: _, ...fixed } = driver;
      const { allocatable: __, ...was } = stored ?? driver;
      if (!jsonEqual(fixed, was)) return [invalid('CSINodeDriver', driver, 'field is immutable')];
      return stored ? [] : driverProblems(driver, path);
    });
  },
};

/** The keys of topology are told at the driver. */
function driverProblems({ name, topologyKeys = [] }: CSINodeDriver, path: string): Problem[] {
  return [
    ...driverNameProblems(name, `${path}.name`),
    ...topologyKeys.flatMap((key, at) => {
      const wrong = FORMAT_CHECKS['label-key'](key);
      return [
        ...(key === '' ? [required(path)] : []),
        ...(topologyKeys.indexOf(key) < at ? [duplicate(path, key)] : []),
        ...(wrong ? [invalid(path, key, wrong)] : []),
      ];
    }),
  ];
}

/** CSIStorageCapacities: no less than nothing. */
export const csiStorageCapacities: Strategy<CSIStorageCapacity & KubeObject> = {
  validate: ({ capacity, maximumVolumeSize }) => [
    ...(capacity === undefined ? [] : nonnegativeProblems(capacity, 'capacity')),
    ...(maximumVolumeSize === undefined
      ? []
      : nonnegativeProblems(maximumVolumeSize, 'maximumVolumeSize')),
  ],
};
