import { customresourcedefinitions } from '../../../generated/apiextensions/v1/resources.ts';
import type { CustomResourceDefinition } from '../../../generated/apiextensions/v1/types.ts';
import { apiservices } from '../../../generated/apiregistration/v1/resources.ts';
import type { APIService } from '../../../generated/apiregistration/v1/types.ts';
import {
  type Controller,
  type ControllerDeps,
  listerOf,
  type ReconcileContext,
  watch,
} from '../../client/index.ts';
import { isAlreadyExists, isNotFound, jsonEqual, type WatchEvent } from '../../meta/index.ts';

const BY_VERSION = 'served-version';
const MANAGED = 'kube-aggregator.kubernetes.io/automanaged';
/** Below Kubernetes' own groups; versions are left to the order of their names. */
const PRIORITIES = { groupPriorityMinimum: 1_000, versionPriority: 100 };

/** `v1.example.com` of every version that is served. */
const versionsOf = ({ spec }: CustomResourceDefinition): string[] =>
  (spec?.versions ?? []).flatMap(({ name, served }) => (served ? [`${name}.${spec?.group}`] : []));

export function createRegistrationController(deps: ControllerDeps): Controller {
  const lister = listerOf(deps, apiservices);
  const definitions = listerOf(deps, customresourcedefinitions);
  deps.transport.addIndex(customresourcedefinitions, BY_VERSION, versionsOf);
  return {
    name: 'apiservice-registration',
    watches: [
      watch(customresourcedefinitions, touched),
      watch(apiservices, ({ object }) => [object.metadata.name ?? '']),
    ],
    async reconcile(name, context) {
      const live = lister.byKey(name);
      if (live && live.metadata.labels?.[MANAGED] !== 'true') return undefined;
      const isWanted = definitions.countIndex(BY_VERSION, name) > 0;
      if (!isWanted) return live && remove(live, context);
      return register(name, live, context);
    },
  };
}

function touched({ object, previous }: WatchEvent<CustomResourceDefinition>): string[] {
  return [...new Set([...versionsOf(object), ...(previous ? versionsOf(previous) : [])])];
}

async function register(
  name: string,
  live: APIService | undefined,
  { client }: ReconcileContext,
): Promise<undefined> {
  const dot = name.indexOf('.');
  const spec = { group: name.slice(dot + 1), version: name.slice(0, dot), ...PRIORITIES };
  if (live) {
    if (!sameSpec(live.spec, spec)) await client.update(apiservices, { ...live, spec });
    return;
  }
  const metadata = { name, labels: { [MANAGED]: 'true' } };
  try {
    await client.create(apiservices, { metadata, spec });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}

type Spec = NonNullable<APIService['spec']>;

const sorted = (spec: Spec): [string, unknown][] =>
  Object.entries(spec).sort(([a], [b]) => (a < b ? -1 : 1));

const sameSpec = (a: Spec | undefined, b: Spec): boolean =>
  a !== undefined && jsonEqual(sorted(a), sorted(b));

async function remove(live: APIService, { client }: ReconcileContext): Promise<undefined> {
  try {
    const { name = '', uid } = live.metadata;
    await client.delete(apiservices, { name }, uid ? { preconditions: { uid } } : {});
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
