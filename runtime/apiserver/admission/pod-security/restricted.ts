import type { Container, PodSpec, Volume } from '../../../../generated/core/v1/types.ts';
import { procMount } from './baseline.ts';
import {
  type Check,
  type CheckPod,
  containersOf,
  containersText,
  hasOwnUsers,
  isWindows,
  namesOf,
  plural,
  quotedList,
  settersText,
  sorted,
  unless,
} from './check.ts';
import { seccompRequired } from './seccomp.ts';

const allowPrivilegeEscalation: CheckPod = (spec) => {
  const names = namesOf(
    spec,
    ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false,
  );
  if (names.length === 0) return undefined;
  return {
    reason: 'allowPrivilegeEscalation != false',
    detail: `${containersText(names)} must set securityContext.allowPrivilegeEscalation=false`,
  };
};

const capabilities: CheckPod = (spec) => {
  const othersOf = ({ securityContext }: Container): readonly string[] =>
    (securityContext?.capabilities?.add ?? []).filter((each) => each !== 'NET_BIND_SERVICE');
  const keeping = namesOf(
    spec,
    ({ securityContext }) => !securityContext?.capabilities?.drop?.includes('ALL'),
  );
  const adding = namesOf(spec, (each) => othersOf(each).length > 0);
  const added = quotedList(sorted(containersOf(spec).flatMap(othersOf)));
  const details = [
    ...(keeping.length > 0
      ? [`${containersText(keeping)} must set securityContext.capabilities.drop=["ALL"]`]
      : []),
    ...(adding.length > 0
      ? [`${containersText(adding)} must not include ${added} in securityContext.capabilities.add`]
      : []),
  ];
  if (details.length === 0) return undefined;
  return { reason: 'unrestricted capabilities', detail: details.join('; ') };
};

/** Volumes that bring nothing of the node along. */
const ALLOWED_VOLUMES = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

const restrictedVolumes: CheckPod = ({ volumes = [] }) => {
  const bad = volumes.filter((volume) => !ALLOWED_VOLUMES.has(typeOf(volume)));
  if (bad.length === 0) return undefined;
  const types = sorted(bad.map(typeOf));
  const names = `${plural(bad.length, 'volume')} ${quotedList(bad.map(({ name }) => name))}`;
  const use = plural(bad.length, 'uses', 'use');
  const what = plural(types.length, 'restricted volume type');
  return {
    reason: 'restricted volume types',
    detail: `${names} ${use} ${what} ${quotedList(types)}`,
  };
};

/** The one field beside the name that says what a volume is. */
function typeOf(volume: Volume): string {
  return Object.keys(volume).find((key) => key !== 'name') ?? 'unknown';
}

const runAsNonRoot: CheckPod = (spec) => {
  const isRootSaid = (holder: Holder): boolean => holder.securityContext?.runAsNonRoot === false;
  const setters = settersText(isRootSaid(spec), namesOf(spec, isRootSaid));
  const reason = 'runAsNonRoot != true';
  if (setters !== '')
    return { reason, detail: `${setters} must not set securityContext.runAsNonRoot=false` };
  if (spec.securityContext?.runAsNonRoot) return undefined;
  const silent = namesOf(
    spec,
    ({ securityContext }) => securityContext?.runAsNonRoot === undefined,
  );
  if (silent.length === 0) return undefined;
  const detail = `pod or ${containersText(silent)} must set securityContext.runAsNonRoot=true`;
  return { reason, detail };
};

const runAsUser: CheckPod = (spec) => {
  const isRoot = (holder: Holder): boolean => holder.securityContext?.runAsUser === 0;
  const setters = settersText(isRoot(spec), namesOf(spec, isRoot));
  if (setters === '') return undefined;
  return { reason: 'runAsUser=0', detail: `${setters} must not set runAsUser=0` };
};

type Holder = Pick<Container, 'securityContext'> | PodSpec;

/** By their names, in which order they speak, after those of the baseline. */
export const RESTRICTED: readonly Check[] = [
  {
    id: 'allowPrivilegeEscalation',
    versions: [
      [8, allowPrivilegeEscalation],
      [25, unless(isWindows, allowPrivilegeEscalation)],
    ],
  },
  {
    id: 'capabilities_restricted',
    overrides: 'capabilities_baseline',
    versions: [
      [22, capabilities],
      [25, unless(isWindows, capabilities)],
    ],
  },
  { id: 'procMount_restricted', overrides: 'procMount', versions: [[35, procMount]] },
  {
    id: 'restrictedVolumes',
    overrides: 'hostPathVolumes',
    versions: [[0, restrictedVolumes]],
  },
  {
    id: 'runAsNonRoot',
    versions: [
      [0, runAsNonRoot],
      [35, unless(hasOwnUsers, runAsNonRoot)],
    ],
  },
  {
    id: 'runAsUser',
    versions: [
      [23, runAsUser],
      [35, unless(hasOwnUsers, runAsUser)],
    ],
  },
  {
    id: 'seccompProfile_restricted',
    overrides: 'seccompProfile_baseline',
    versions: [
      [19, seccompRequired],
      [25, unless(isWindows, seccompRequired)],
    ],
  },
];
