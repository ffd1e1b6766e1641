/** The admission chain: what looks at a write, completes it or refuses it, before it is validated and stored. */
import type { ApiRequest, KubeObject } from '../../meta/index.ts';
import type { Awaitable } from '../../storage/index.ts';
import { escalationChecks } from '../authorization/index.ts';
import type { Core } from '../core.ts';
import { defaultIngressClass } from './default-ingress-class.ts';
import { defaultStorageClass } from './default-storage-class.ts';
import { defaultTolerationSeconds } from './default-toleration-seconds.ts';
import { limitRanger } from './limit-ranger/index.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';
import { nodeRestriction } from './node-restriction/index.ts';
import { persistentVolumeClaimResize } from './persistent-volume-claim-resize.ts';
import type { AdmissionAttributes, AdmissionPlugin, Refund } from './plugin.ts';
import { podSecurity } from './pod-security/index.ts';
import { mutatingAdmissionPolicy, validatingAdmissionPolicy } from './policies/index.ts';
import { priority, priorityDefault } from './priority.ts';
import { resourceQuota } from './quota/index.ts';
import { runtimeClass } from './runtime-class.ts';
import { serviceAccount } from './service-account.ts';
import { storageObjectInUseProtection } from './storage-object-in-use-protection.ts';
import { taintNodesByCondition } from './taint-nodes-by-condition.ts';
import { mutatingAdmissionWebhook, Rounds, validatingAdmissionWebhook } from './webhooks/index.ts';

export { connecting } from './connecting.ts';
export type { AdmissionAttributes, AdmissionPlugin } from './plugin.ts';

export interface AdmissionOptions {
  /** Names of plugins to leave out, as `--disable-admission-plugins` does. */
  readonly disable?: readonly string[];
}

/** In the order in which kube-apiserver runs them. */
const PLUGINS: readonly AdmissionPlugin[] = [
  namespaceLifecycle,
  limitRanger,
  serviceAccount,
  nodeRestriction,
  taintNodesByCondition,
  podSecurity,
  priority,
  priorityDefault,
  defaultTolerationSeconds,
  defaultStorageClass,
  storageObjectInUseProtection,
  persistentVolumeClaimResize,
  runtimeClass,
  defaultIngressClass,
  mutatingAdmissionPolicy,
  mutatingAdmissionWebhook,
  validatingAdmissionPolicy,
  validatingAdmissionWebhook,
  resourceQuota,
];

/** What kube-apiserver knows by these names is not there, or is off; who switches it off gets what they want. */
const OFF_ALREADY: readonly string[] = [
  'AlwaysPullImages',
  'DenyServiceExternalIPs',
  'EventRateLimit',
  'ExtendedResourceToleration',
  'ImagePolicyWebhook',
  'LimitPodHardAntiAffinityTopology',
  'NamespaceAutoProvision',
  'NamespaceExists',
  'OwnerReferencesPermissionEnforcement',
  'PersistentVolumeLabel',
  'PodNodeSelector',
  'PodTolerationRestriction',
];

/** Why plugins of these names cannot be switched off; undefined where they can. */
export function undisableable(names: readonly string[]): string | undefined {
  const known = PLUGINS.map(({ name }) => name);
  const strange = names.find((name) => !known.includes(name) && !OFF_ALREADY.includes(name));
  if (strange === undefined) return undefined;
  return `there is no admission plugin ${strange}; there are ${[...new Set(known)].join(', ')}`;
}

/** The plugins that are on, and last what nobody can switch off. */
export function admissionPlugins({
  disable = [],
}: AdmissionOptions = {}): readonly AdmissionPlugin[] {
  const problem = undisableable(disable);
  if (problem !== undefined) throw new Error(problem);
  return [...PLUGINS.filter(({ name }) => !disable.includes(name)), ...escalationChecks];
}

/** What is made at a subresource that is not stored, such as an eviction or a token. */
export function connectionOf(
  kind: AdmissionAttributes['kind'],
  request: ApiRequest,
  object: KubeObject,
): AdmissionAttributes {
  const { namespace, name = '', subresource, user, options = {} } = request;
  const dryRun = options.dryRun ?? false;
  const by = { user, dryRun, request };
  return { operation: 'CREATE', kind, namespace, name, subresource, object, ...by };
}

/** Runs everything that may change the object; returns what came of it. */
export function mutate(attributes: AdmissionAttributes, core: Core): KubeObject {
  if (!attributes.request?.exchange) return mutateOnce(attributes, core);
  const rounds = new Rounds();
  const object = mutateOnce({ ...attributes, rounds }, core);
  if (!rounds.wantsAnother) return object;
  rounds.beginSecond();
  return mutateOnce({ ...attributes, object, rounds }, core);
}

function mutateOnce(attributes: AdmissionAttributes, core: Core): KubeObject {
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

/** What the client is to be told about an object that is let pass. */
export function objectWarnings(attributes: AdmissionAttributes, core: Core): readonly string[] {
  const { kind, object, old, subresource } = attributes;
  let all = (!subresource && kind.strategy.warnings?.(object, old)) || NONE;
  for (const plugin of core.plugins) {
    if (!plugin.warnings || !concerns(plugin, attributes)) continue;
    const own = plugin.warnings(attributes, core);
    if (own.length > 0) all = [...all, ...own];
  }
  return all;
}

const NONE: readonly string[] = [];

/** Stores an object once everything that it costs is paid; what was paid is given back when it is not stored. */
export function paid(
  attributes: AdmissionAttributes,
  core: Core,
  cause: ApiRequest['cause'],
  write: () => Awaitable<boolean>,
): Awaitable<boolean> {
  for (const plugin of core.plugins) {
    const taken = concerns(plugin, attributes) && plugin.charge?.(attributes, core, cause);
    if (taken) return writePaid(taken, write);
  }
  return write();
}

async function writePaid(
  taken: Promise<Refund>,
  write: () => Awaitable<boolean>,
): Promise<boolean> {
  const refund = await taken;
  let done = false;
  try {
    done = await write();
  } finally {
    if (!done) await refund();
  }
  return done;
}

function concerns(
  { resource }: AdmissionPlugin,
  { kind, subresource }: AdmissionAttributes,
): boolean {
  return resource === undefined || (resource === kind.id && !subresource);
}
