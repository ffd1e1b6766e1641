import type { Container, Volume } from '../../../../generated/core/v1/types.ts';
import { forbidden, invalid, type Problem, unknownName } from '../problem.ts';
import type { ContainerPlace } from './containers.ts';

/** Volumes as a container sees them, in its file system and as devices: each exists, in one place, as one of the two. */
export function mountProblems(
  container: Container,
  path: string,
  place: ContainerPlace,
): Problem[] {
  return [
    ...volumeMountProblems(container, path, place),
    ...volumeDeviceProblems(container, path, place),
  ];
}

const ONLY_PRIVILEGED =
  'Bidirectional mount propagation is available only to privileged containers';

function volumeMountProblems(
  { volumeMounts = [], volumeDevices = [], securityContext }: Container,
  path: string,
  { volumes }: ContainerPlace,
): Problem[] {
  const paths = new Set<string>();
  return volumeMounts.flatMap(({ name = '', mountPath, mountPropagation }, at) => {
    const own = `${path}.volumeMounts[${at}]`;
    const problems: Problem[] = [];
    if (!volumes.has(name)) problems.push(unknownName(`${own}.name`, name));
    if (mountPath && paths.has(mountPath))
      problems.push(invalid(`${own}.mountPath`, mountPath, 'must be unique'));
    paths.add(mountPath);
    if (volumeDevices.some((each) => each.name === name))
      problems.push(invalid(`${own}.name`, name, 'must not already exist in volumeDevices'));
    if (volumeDevices.some(({ devicePath }) => devicePath === mountPath))
      problems.push(
        invalid(`${own}.mountPath`, mountPath, 'must not already exist as a path in volumeDevices'),
      );
    if (mountPropagation === 'Bidirectional' && !securityContext?.privileged)
      problems.push(forbidden(`${path}.volumeMounts.mountPropagation`, ONLY_PRIVILEGED));
    return problems;
  });
}

function volumeDeviceProblems(
  { volumeMounts = [], volumeDevices = [] }: Container,
  path: string,
  { volumes }: ContainerPlace,
): Problem[] {
  const paths = new Set<string>();
  return volumeDevices.flatMap(({ name = '', devicePath }, at) => {
    const own = `${path}.volumeDevices[${at}]`;
    const problems = deviceVolumeProblems(`${own}.name`, name, volumes.get(name));
    if (devicePath && paths.has(devicePath))
      problems.push(invalid(`${own}.devicePath`, devicePath, 'must be unique'));
    paths.add(devicePath);
    if (volumeMounts.some((each) => each.name === name))
      problems.push(invalid(`${own}.name`, name, 'must not already exist in volumeMounts'));
    if (volumeMounts.some(({ mountPath }) => mountPath === devicePath))
      problems.push(
        invalid(
          `${own}.devicePath`,
          devicePath,
          'must not already exist as a path in volumeMounts',
        ),
      );
    return problems;
  });
}

const BLOCK_ONLY =
  'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode';

function deviceVolumeProblems(field: string, name: string, volume: Volume | undefined): Problem[] {
  if (!volume) return [unknownName(field, name)];
  return volume.persistentVolumeClaim || volume.ephemeral ? [] : [invalid(field, name, BLOCK_ONLY)];
}
