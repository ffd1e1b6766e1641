import type {
  Container,
  EphemeralContainer,
  PodSpec,
  Volume,
} from '../../../../generated/core/v1/types.ts';
import { forbidden, invalid, type Problem, unknownName } from '../problem.ts';
import { mountProblems } from './mounts.ts';
import { portProblems } from './ports.ts';
import { resourceProblems } from './resources.ts';

/** Where a container is. */
export interface ContainerPlace {
  readonly spec: PodSpec;
  readonly isTemplate: boolean;
  readonly isInit?: boolean;
  /** Volumes that it may mount, by name. */
  readonly volumes: ReadonlyMap<string, Volume>;
  /** Device claims of the pod that it may use. */
  readonly claims: ReadonlySet<string>;
}

export function containerProblems(
  container: Container,
  path: string,
  place: ContainerPlace,
): Problem[] {
  const { resources = {} } = container;
  return [
    ...imageProblems(container, path, place),
    ...mountProblems(container, path, place),
    ...portProblems(container, path, place),
    ...resourceProblems(resources, `${path}.resources`, place.claims),
    ...(place.isInit ? initProblems(container, path) : []),
    ...sleepProblems(container, path, place.spec),
    ...systemProblems(container, path, place.spec),
  ];
}

/** What the schema cannot say of a container that is put into a running pod: it looks at one that is there, and mounts whole volumes. */
export function ephemeralContainerProblems(
  container: EphemeralContainer,
  path: string,
  place: ContainerPlace,
): Problem[] {
  const { targetContainerName: target, volumeMounts = [] } = container;
  const { containers = [], initContainers = [] } = place.spec;
  const isThere = [...containers, ...initContainers].some(({ name }) => name === target);
  return [
    ...containerProblems(container as Container, path, place),
    ...(target && !isThere ? [unknownName(`${path}.targetContainerName`, target)] : []),
    ...volumeMounts.flatMap((mount, at) =>
      (['subPath', 'subPathExpr'] as const)
        .filter((field) => mount[field])
        .map((field) =>
          forbidden(
            `${path}.volumeMounts[${at}].${field}`,
            'cannot be set for an Ephemeral Container',
          ),
        ),
    ),
  ];
}

function imageProblems(
  { image }: Container,
  path: string,
  { isTemplate }: ContainerPlace,
): Problem[] {
  if (isTemplate || !image || image.trim() === image) return [];
  return [invalid(`${path}.image`, image, 'must not have leading or trailing whitespace')];
}

const OF_LASTING = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const;

/** What an init container cannot have that ends before the others start. */
function initProblems(container: Container, path: string): Problem[] {
  if (container.restartPolicy === 'Always') return [];
  return OF_LASTING.filter((field) => container[field] !== undefined).map((field) =>
    forbidden(
      `${path}.${field}`,
      'may not be set for init containers without restartPolicy=Always',
    ),
  );
}

/** Hooks that sleep longer than the pod is given to end. */
function sleepProblems({ lifecycle }: Container, path: string, spec: PodSpec): Problem[] {
  const grace = spec.terminationGracePeriodSeconds;
  if (!lifecycle || grace === undefined) return [];
  return (['postStart', 'preStop'] as const).flatMap((hook) => {
    const seconds = lifecycle[hook]?.sleep?.seconds;
    if (seconds === undefined || (seconds >= 0 && seconds <= grace)) return [];
    return [
      invalid(
        `${path}.lifecycle.${hook}.sleep`,
        seconds,
        `must be non-negative and less than terminationGracePeriodSeconds (${grace})`,
      ),
    ];
  });
}

/** What Windows has no word for. */
const LINUX_ONLY = [
  'appArmorProfile',
  'seLinuxOptions',
  'seccompProfile',
  'capabilities',
  'readOnlyRootFilesystem',
  'privileged',
  'allowPrivilegeEscalation',
  'procMount',
  'runAsUser',
  'runAsGroup',
] as const;

/** Settings of the other operating system than the one that the pod says it is for. */
function systemProblems(
  { securityContext = {} }: Container,
  path: string,
  { os }: PodSpec,
): Problem[] {
  const at = (field: string): string => `${path}.securityContext.${field}`;
  if (os?.name === 'linux' && securityContext.windowsOptions !== undefined)
    return [forbidden(at('windowsOptions'), 'windows options cannot be set for a linux pod')];
  if (os?.name !== 'windows') return [];
  return LINUX_ONLY.filter((field) => securityContext[field] !== undefined).map((field) =>
    forbidden(at(field), 'cannot be set for a windows pod'),
  );
}
