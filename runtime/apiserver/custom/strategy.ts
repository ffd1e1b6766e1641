import type { KindDescriptor } from '../../../generator/model/index.ts';
import { type KubeObject, valueAt } from '../../meta/index.ts';
import { compareVersions } from '../discovery/groups.ts';
import { invalid, type Problem } from '../strategies/problem.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { type Definition, isTerminating } from './definition.ts';

const REPLICAS_MAX = 2 ** 31 - 1;

/** What no schema of a custom resource can say: numbers of replicas are such numbers, and a kind on its way out takes nothing in. */
export function customStrategy(definition: Definition, descriptor: KindDescriptor): Strategy {
  const { scale } = descriptor.subresources;
  const replicas = (object: KubeObject, path: string): Problem[] => {
    const wrong = replicasProblem(valueAt(object, path));
    return wrong ? [invalid(path, valueAt(object, path), wrong)] : [];
  };
  const ofStatus = (object: KubeObject): Problem[] =>
    scale ? replicas(object, scale.statusReplicasPath) : [];
  return {
    needsVersion: true,
    ...deprecation(definition, descriptor),
    ...(isTerminating(definition) ? { refuseCreate: TERMINATING } : {}),
    validate: (object) =>
      scale ? [...replicas(object, scale.specReplicasPath), ...ofStatus(object)] : [],
    validateStatus: ofStatus,
  };
}

/** What clients of a deprecated version are told: its own words, or which version is newer. */
function deprecation({ spec }: Definition, { group, version, kind }: KindDescriptor): object {
  const { versions = [] } = spec;
  const own = versions.find(({ name }) => name === version);
  if (!own?.deprecated) return {};
  if (own.deprecationWarning !== undefined) return { deprecation: own.deprecationWarning };
  const [newest] = versions
    .filter(({ served, deprecated }) => served && !deprecated)
    .map(({ name = '' }) => name)
    .filter((name) => compareVersions(name, version) < 0)
    .sort(compareVersions);
  const instead = newest === undefined ? '' : `; use ${group}/${newest} ${kind}`;
  return { deprecation: `${group}/${version} ${kind} is deprecated${instead}` };
}

const TERMINATING = 'create not allowed while custom resource definition is terminating';

function replicasProblem(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (!Number.isInteger(value)) return 'accessor error: the value is not of the type int64';
  if ((value as number) < 0) return 'should be a non-negative integer';
  return (value as number) > REPLICAS_MAX
    ? `should be less than or equal to ${REPLICAS_MAX}`
    : undefined;
}
