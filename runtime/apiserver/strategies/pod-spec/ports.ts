import type { Container } from '../../../../generated/core/v1/types.ts';
import { duplicate, invalid, type Problem } from '../problem.ts';
import type { ContainerPlace } from './containers.ts';

/** Ports of the host that two containers of a list would both open. */
export function hostPortProblems(containers: readonly Container[], path: string): Problem[] {
  const taken = new Set<string>();
  return containers.flatMap(({ ports = [] }, container) =>
    ports.flatMap(({ protocol, hostIP = '', hostPort }, at) => {
      if (!hostPort) return [];
      const place = `${protocol}/${hostIP}/${hostPort}`;
      const isTaken = taken.has(place);
      taken.add(place);
      return isTaken ? [duplicate(`${path}[${container}].ports[${at}].hostPort`, place)] : [];
    }),
  );
}

/** Of one container: names used twice, and ports that the host's network would have to map. */
export function portProblems(
  { ports = [] }: Container,
  path: string,
  { spec, isTemplate }: ContainerPlace,
): Problem[] {
  const names = new Set<string>();
  return ports.flatMap(({ name, containerPort, hostPort = 0 }, at) => {
    const own: Problem[] = [];
    if (name && names.has(name)) own.push(duplicate(`${path}.ports[${at}].name`, name));
    if (name) names.add(name);
    // A template may leave the port of the host open: its pods get it.
    const isOpen = isTemplate && hostPort === 0;
    if (spec.hostNetwork && !isOpen && containerPort !== undefined && hostPort !== containerPort)
      own.push(
        invalid(
          `${path}.ports[${at}].hostPort`,
          hostPort,
          'must match `containerPort` when `hostNetwork` is true',
        ),
      );
    return own;
  });
}
