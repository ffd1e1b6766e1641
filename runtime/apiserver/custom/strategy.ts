import type { KindDescriptor } from '../../../generator/model/index.ts';
import type { KubeObject } from '../../meta/index.ts';
import { compareVersions } from '../discovery/groups.ts';
import { invalid, type Problem } from '../strategies/problem.ts';
import type { Strategy } from '../strategies/strategy.ts';
import { type Definition, isTerminating } from './definition.ts';

const REPLICAS_MAX = 2 ** 31 - 1;

/** What no schema of a custom resource can say: numbers of replicas are such numbers, and a kind on its way out takes nothing in. */
export function customStrategy(definition: Definition, descriptor: KindDescriptor): Strategy {
  const { scale } = descriptor.subresources;
  const replicas = (object: KubeObject, path: string): Problem[] => replicasProblems(object, path);
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

function replicasProblems(object: KubeObject, path: string): Problem[] {
  let value: unknown = object;
  for (const step of path.split('.').filter((name) => name !== '')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return [unreadable(path, value, 'map[string]interface{}')];
    value = (value as Readonly<Record<string, unknown>>)[step];
    if (value === undefined) return [];
  }
  if (!Number.isInteger(value)) return [unreadable(path, value, 'int64')];
  if ((value as number) < 0) return [invalid(path, value, 'should be a non-negative integer')];
  return (value as number) > REPLICAS_MAX
    ? [invalid(path, value, `should be less than or equal to ${REPLICAS_MAX}`)]
    : [];
}

/** A value that is none of what a path leads to, in the words of those who look there. */
function unreadable(path: string, value: unknown, wanted: string): Problem {
  const words = `${path} accessor error: ${String(value)} is of the type ${goType(value)}, expected ${wanted}`;
  return invalid(path, 0, words);
}

function goType(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (value === null) return '<nil>';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return GO_TYPES[typeof value] ?? 'map[string]interface {}';
}

const GO_TYPES: Readonly<Record<string, string>> = { string: 'string', boolean: 'bool' };
