/** The admission chain: what looks at a write, completes it or refuses it, before it is validated and stored. */
import type { KubeObject } from '../../meta/index.ts';
import type { Core } from '../core.ts';
import { defaultTolerationSeconds } from './default-toleration-seconds.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';
import type { AdmissionAttributes, AdmissionPlugin } from './plugin.ts';
import { serviceAccount } from './service-account.ts';

export type { AdmissionAttributes, AdmissionPlugin } from './plugin.ts';

/** In the order in which kube-apiserver runs them. */
const PLUGINS: readonly AdmissionPlugin[] = [
  namespaceLifecycle,
  serviceAccount,
  defaultTolerationSeconds,
];

/** Runs everything that may change the object; returns what came of it. */
export function mutate(attributes: AdmissionAttributes, core: Core): KubeObject {
  let { object } = attributes;
  for (const plugin of PLUGINS)
    if (plugin.mutate) object = plugin.mutate({ ...attributes, object }, core);
  return object;
}

/** Asks everything that may refuse the object as it will be stored. */
export function validate(attributes: AdmissionAttributes, core: Core): void {
  for (const plugin of PLUGINS) plugin.validate?.(attributes, core);
}
