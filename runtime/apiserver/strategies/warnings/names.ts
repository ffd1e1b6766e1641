import { FORMAT_CHECKS } from '../../../../generator/model/index.ts';
import type { KubeObject } from '../../../meta/index.ts';

const NONE: readonly string[] = [];

/** A pod's name is its hostname too, which takes less. */
export function podNameWarnings(object: KubeObject, old: KubeObject | undefined) {
  return nameWarnings(object, old, "the Pod's hostname");
}

/** So are the names of pods that are called after what made them. */
export function hostnameWarnings(object: KubeObject, old: KubeObject | undefined) {
  return nameWarnings(object, old, 'Pod names and hostnames');
}

function nameWarnings(
  { metadata }: KubeObject,
  old: KubeObject | undefined,
  what: string,
): readonly string[] {
  const wrong = old ? undefined : FORMAT_CHECKS['dns-label'](metadata.name ?? '');
  if (!wrong) return NONE;
  return [
    `metadata.name: this is used in ${what}, which can result in surprising behavior; a DNS label is recommended: [${wrong}]`,
  ];
}
