/** The admission chain: what looks at a write, completes it or refuses it, before it is validated and stored. */
import type { KubeObject } from '../../meta/index.ts';
import type { Core } from '../core.ts';
import { defaultTolerationSeconds } from './default-toleration-seconds.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';
import type { AdmissionAttributes, AdmissionPlugin } from './plugin.ts';
import { priority } from './priority.ts';
import { serviceAccount } from './service-account.ts';
import { taintNodesByCondition } from './taint-nodes-by-condition.ts';

export type { AdmissionAttributes, AdmissionPlugin } from './plugin.ts';

export interface AdmissionOptions {
  /** Names of plugins to leave out, as `--disable-admission-plugins` does. */
  readonly disable?: readonly string[];
}

/** In the order in which kube-apiserver runs them. */
const PLUGINS: readonly AdmissionPlugin[] = [
  namespaceLifecycle,
  serviceAccount,
  taintNodesByCondition,
  priority,
  defaultTolerationSeconds,
];

/** The plugins that are on. */
export function admissionPlugins({
  disable = [],
}: AdmissionOptions = {}): readonly AdmissionPlugin[] {
  for (const name of disable)
    if (!PLUGINS.some((plugin) => plugin.name === name)) {
      const names = PLUGINS.map((plugin) => plugin.name).join(', ');
      throw new Error(`there is no admission plugin ${name}; there are ${names}`);
    }
  return PLUGINS.filter(({ name }) => !disable.includes(name));
}

/** Runs everything that may change the object; returns what came of it. */
export function mutate(attributes: AdmissionAttributes, core: Core): KubeObject {
  let current = attributes;
  for (const plugin of core.plugins) {
    if (!plugin.mutate || !concerns(plugin, attributes)) continue;
    const object = plugin.mutate(current, core);
    if (object !== current.object) current = { ...current, object };
  }
  return current.object;
}

/** Asks everything that may refuse the object as it will be stored. */
export function validate(attributes: AdmissionAttributes, core: Core): void {
  for (const plugin of core.plugins)
    if (plugin.validate && concerns(plugin, attributes)) plugin.validate(attributes, core);
}

function concerns(
  { resource }: AdmissionPlugin,
  { kind, subresource }: AdmissionAttributes,
): boolean {
  return resource === undefined || (resource === kind.id && !subresource);
}
