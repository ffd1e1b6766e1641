import type { PodSpec, Volume } from '../../../../generated/core/v1/types.ts';
import { duplicate, type Problem } from '../problem.ts';
import {
  type ContainerPlace,
  containerProblems,
  ephemeralContainerProblems,
} from './containers.ts';
import { hostPortProblems } from './ports.ts';

export interface SpecPlace {
  /** `spec` or `spec.template.spec` */
  readonly path: string;
  readonly isTemplate: boolean;
  /** What the schema has found in the object. */
  readonly found: readonly Problem[];
}

const clean = { pods: new WeakSet<PodSpec>(), templates: new WeakSet<PodSpec>() };
const NONE: readonly Problem[] = [];

/**
 * What no schema can say against a pod's spec. One that was found clean once costs a look-up: a spec never changes, and what the
 * schema finds in it is the same each time.
 */
export function podSpecProblems(spec: PodSpec, place: SpecPlace): readonly Problem[] {
  const known = place.isTemplate ? clean.templates : clean.pods;
  if (known.has(spec)) return NONE;
  const problems = check(spec, place);
  if (problems.length === 0 && place.found.length === 0) known.add(spec);
  return problems;
}

function check(spec: PodSpec, place: SpecPlace): Problem[] {
  const { path, isTemplate } = place;
  const container: ContainerPlace = {
    spec,
    isTemplate,
    volumes: soundVolumes(spec, place),
    claims: new Set(spec.resourceClaims?.map(({ name }) => name)),
  };
  const { containers = [], initContainers = [], ephemeralContainers = [] } = spec;
  return [
    ...nameProblems(spec, path),
    ...containers.flatMap((each, at) =>
      containerProblems(each, `${path}.containers[${at}]`, container),
    ),
    ...hostPortProblems(containers, `${path}.containers`),
    ...initContainers.flatMap((each, at) => [
      ...containerProblems(each, `${path}.initContainers[${at}]`, { ...container, isInit: true }),
      // Init containers run one by one; the API calls the only one of each such list its first.
      ...hostPortProblems([each], `${path}.initContainers`),
    ]),
    ...ephemeralContainers.flatMap((each, at) =>
      ephemeralContainerProblems(each, `${path}.ephemeralContainers[${at}]`, container),
    ),
    ...spreadProblems(spec, path),
    ...sysctlProblems(spec, path),
  ];
}

/** The volumes that can be referred to: a volume that is itself refused does not count as there. */
function soundVolumes({ volumes = [] }: PodSpec, { path, found }: SpecPlace): Map<string, Volume> {
  const sound = new Map<string, Volume>();
  for (const [at, volume] of volumes.entries()) {
    const own = `${path}.volumes[${at}]`;
    if (!found.some(({ field }) => field.startsWith(own))) sound.set(volume.name, volume);
  }
  return sound;
}

const LISTS = ['containers', 'initContainers', 'ephemeralContainers'] as const;

/** Names are unique over all three lists. Repetitions within one the schema finds. */
function nameProblems(spec: PodSpec, path: string): Problem[] {
  const earlier = new Set<string>();
  return LISTS.flatMap((list) => {
    const names = (spec[list] ?? []).map(({ name }) => name);
    const problems = names.flatMap((name, at) =>
      earlier.has(name) ? [duplicate(`${path}.${list}[${at}].name`, name)] : [],
    );
    for (const name of names) if (name) earlier.add(name);
    return problems;
  });
}

function spreadProblems({ topologySpreadConstraints = [] }: PodSpec, path: string): Problem[] {
  const pairs = topologySpreadConstraints.map(
    ({ topologyKey, whenUnsatisfiable }) => `{${topologyKey}, ${whenUnsatisfiable}}`,
  );
  return repeated(pairs).map((at) =>
    duplicate(
      `${path}.topologySpreadConstraints[${at}].{topologyKey, whenUnsatisfiable}`,
      pairs[at],
    ),
  );
}

function sysctlProblems({ securityContext }: PodSpec, path: string): Problem[] {
  const names = (securityContext?.sysctls ?? []).map(({ name }) => name);
  return repeated(names).map((at) =>
    duplicate(`${path}.securityContext.sysctls[${at}].name`, names[at]),
  );
}

/** Positions at which something stands that stood before. */
function repeated(texts: readonly string[]): number[] {
  return texts.flatMap((text, at) => (texts.indexOf(text) < at ? [at] : []));
}
