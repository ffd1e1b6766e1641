import type { KindDescriptor, SchemaSet } from '../../../generator/model/schema.ts';

import { GROUP_PRIORITY } from '../aggregation/registered.ts';
import type { RemoteResource } from './remote.ts';

/** A group version with the kinds that it serves, by name of their resource. */
export interface ApiVersion {
  readonly group: string; // '' for core
  readonly version: string;
  /** `apps/v1`, `v1` */
  readonly groupVersion: string;
  readonly kinds: readonly KindDescriptor[];
  /** Of a version that others serve: its place in the group, and what they say that they serve. */
  readonly priority?: number;
  readonly resources?: () => readonly RemoteResource[] | undefined;
}

export interface ApiGroup {
  readonly name: string;
  /** The highest is listed first. */
  readonly priority: number;
  /** The preferred one first. */
  readonly versions: readonly ApiVersion[];
}

export function groupVersionOf(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}

/** The groups that have kinds, in the order in which discovery lists them; the core group is among them. */
export function apiGroups(schemas: SchemaSet): ApiGroup[] {
  const groups = new Map<string, Map<string, KindDescriptor[]>>();
  for (const kind of schemas.kinds) {
    const versions = groups.get(kind.group) ?? new Map<string, KindDescriptor[]>();
    groups.set(kind.group, versions);
    versions.set(kind.version, [...(versions.get(kind.version) ?? []), kind]);
  }
  const priorities = new Map((schemas.groups ?? []).map(({ name, priority }) => [name, priority]));
  return [...groups]
    .map(([name, versions]) => ({
      name,
      priority: priorities.get(name) ?? GROUP_PRIORITY,
      versions: sortedVersions(name, versions),
    }))
    .sort((a, b) => b.priority - a.priority || (a.name < b.name ? -1 : 1));
}

function sortedVersions(
  group: string,
  versions: ReadonlyMap<string, readonly KindDescriptor[]>,
): ApiVersion[] {
  return [...versions]
    .map(([version, kinds]) => ({
      group,
      version,
      groupVersion: groupVersionOf(group, version),
      kinds: [...kinds].sort((a, b) => (a.plural < b.plural ? -1 : 1)),
    }))
    .sort((a, b) => compareVersions(a.version, b.version));
}

const STAGES = ['alpha', 'beta', ''];

/** v2, v1, v1beta2, v1beta1, v1alpha1, then what is no version of Kubernetes' form by its letters. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [rankOf(a), rankOf(b)];
  if (!left || !right) return left ? -1 : right ? 1 : a < b ? -1 : 1;
  const at = left.findIndex((each, index) => each !== right[index]);
  return at < 0 ? 0 : right[at]! - left[at]!;
}

function rankOf(version: string): number[] | undefined {
  const parts = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (!parts) return undefined;
  const [, major, stage = '', minor = '0'] = parts;
  return [STAGES.indexOf(stage), Number(major), Number(minor)];
}
