/**
 * The sub-command `webhook`: a webhook of admission with a path for each thing that a test wants of one. Which objects it refuses and
 * how it changes others is interface, which tests read.
 */
import type { ServedAnswer } from '../machine.ts';
import { type Program, textOf } from '../process.ts';
import { flagsOf } from './mounttest.ts';
import { type Handler, jsonAnswer, serveTls } from './tls.ts';

interface Named {
  readonly name?: string;
}

interface Reviewed {
  readonly metadata?: { readonly name?: string; readonly labels?: Record<string, string> };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly containers?: readonly Named[];
    readonly initContainers?: readonly Named[];
  };
  readonly stdin?: boolean;
  readonly container?: string;
}

interface Asked {
  readonly uid: string;
  readonly resource: {
    readonly group: string;
    readonly version: string;
    readonly resource: string;
  };
  readonly subResource?: string;
  readonly name?: string;
  readonly operation: string;
  readonly object: Reviewed | null;
  readonly oldObject: Reviewed | null;
}

interface Review {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly request?: Asked;
}

/** A verdict: why not, if not; else operations of a JSON patch. */
interface Verdict {
  readonly allowed: boolean;
  readonly status?: object;
  readonly patch?: readonly object[];
  readonly afterMs?: number;
}

/** Undefined where it has nothing to say about such a request. */
type Judge = (request: Asked) => Verdict | undefined;

const ALLOWED: Verdict = { allowed: true };
const refused = (message: string): Verdict => ({ allowed: false, status: { message } });
const patched = (...patch: readonly object[]): Verdict => ({ allowed: true, patch });
const add = (path: string, value: unknown): object => ({ op: 'add', path, value });

const VERSIONS = new Set(['admission.k8s.io/v1', 'admission.k8s.io/v1beta1']);

const handlerOf =
  (judge: Judge): Handler =>
  (review): ServedAnswer => {
    const { apiVersion = '', kind, request } = review as Review;
    if (kind !== 'AdmissionReview' || !VERSIONS.has(apiVersion) || !request)
      return { status: 400, body: `Unsupported group version kind: ${apiVersion}, Kind=${kind}\n` };
    const verdict = judge(request);
    // It trips over a verdict that there is none of, and hangs up.
    if (!verdict) return { status: 500, body: '' };
    const { allowed, status, patch, afterMs = 0 } = verdict;
    const patchText = patch && Buffer.from(JSON.stringify(patch)).toString('base64');
    const response = {
      uid: request.uid,
      allowed,
      ...(status ? { status: { metadata: {}, ...status } } : {}),
      ...(patchText ? { patch: patchText, patchType: 'JSONPatch' } : {}),
    };
    return jsonAnswer({ kind, apiVersion, response }, afterMs);
  };

const isOf = ({ resource }: Asked, group: string, plural: string): boolean =>
  resource.group === group && resource.version === 'v1' && resource.resource === plural;

const DELAY_MS = 5000;
const KEY = 'webhook-e2e-test';

const addLabel: Judge = ({ object }) => {
  const labels = object?.metadata?.labels ?? {};
  if (Object.keys(labels).length === 0)
    return patched(add('/metadata/labels', { 'added-label': 'yes' }));
  const path = '/metadata/labels/added-label';
  if (!('added-label' in labels)) return patched(add(path, 'yes'));
  return labels['added-label'] === 'yes' ? ALLOWED : patched({ op: 'replace', path, value: 'yes' });
};

const admitPods: Judge = (request) => {
  if (!isOf(request, '', 'pods'))
    return refused('expect resource to be {Group: Version:v1 Resource:pods}');
  const { metadata, spec } = request.object ?? {};
  const label = metadata?.labels?.[KEY];
  if (label === 'wait-forever') return { allowed: false, afterMs: Number.POSITIVE_INFINITY };
  const complaints = [
    ...(label === 'webhook-disallow' ? ['the pod contains unwanted label;'] : []),
    ...(spec?.containers ?? [])
      .filter(({ name }) => name?.includes('webhook-disallow'))
      .map(() => 'the pod contains unwanted container name;'),
  ];
  return complaints.length === 0 ? ALLOWED : refused(complaints.join(' '));
};

const denyAttach: Judge = ({ name, subResource, object }) => {
  if (name !== 'to-be-attached-pod') return ALLOWED;
  if (subResource !== 'attach')
    return refused(`expect subresource to be attach, got ${subResource}`);
  if (!object?.stdin || object.container !== 'container1') return ALLOWED;
  return refused("attaching to pod 'to-be-attached-pod' is not allowed");
};

const has = (list: readonly Named[] | undefined, wanted: string): boolean =>
  list?.some(({ name }) => name === wanted) ?? false;

const mutatePods: Judge = (request) => {
  if (!isOf(request, '', 'pods')) return undefined;
  const { metadata, spec } = request.object ?? {};
  const name = 'webhook-added-init-container';
  const isDone = metadata?.name !== 'webhook-to-be-mutated' || has(spec?.initContainers, name);
  if (isDone) return ALLOWED;
  return patched(
    add('/spec/initContainers', [{ image: 'webhook-added-image', name, resources: {} }]),
  );
};

const addSidecar =
  (image: string | undefined): Judge =>
  (request) => {
    if (image === undefined) {
      const message = 'No image specified by the sidecar-image parameter';
      return { allowed: false, status: { status: 'Failure', message, code: 500 } };
    }
    if (!isOf(request, '', 'pods')) return undefined;
    const name = 'webhook-added-sidecar';
    if (has(request.object?.spec?.containers, name)) return ALLOWED;
    return patched(add('/spec/containers/-', { image, name, resources: {} }));
  };

/** Refuses objects for what they hold under one key, and for another value their deletion. */
const admitData =
  (what: string, unwanted: string): Judge =>
  ({ operation, object, oldObject }) => {
    const isDeletion = operation === 'DELETE';
    const value = (isDeletion ? oldObject : object)?.data?.[KEY];
    const reason = (text: string): Verdict => ({ allowed: false, status: { reason: text } });
    if (isDeletion && value === 'webhook-nondeletable')
      return reason(`the ${what} cannot be deleted because it contains unwanted key and value`);
    const isWritten = operation === 'CREATE' || operation === 'UPDATE';
    return isWritten && value === 'webhook-disallow'
      ? reason(`the ${what} contains unwanted ${unwanted}`)
      : ALLOWED;
  };

/** Two stages, each the sign for the next. */
const mutateData: Judge = ({ object }) => {
  const { data = {} } = object ?? {};
  if (data['mutation-stage-1'] === 'yes') return patched(add('/data/mutation-stage-2', 'yes'));
  return data['mutation-start'] === 'yes' ? patched(add('/data/mutation-stage-1', 'yes')) : ALLOWED;
};

const onConfigMaps =
  (judge: Judge): Judge =>
  (request) =>
    isOf(request, '', 'configmaps') ? judge(request) : undefined;

const admitDefinition: Judge = (request) => {
  if (!isOf(request, 'apiextensions.k8s.io', 'customresourcedefinitions'))
    return refused('expect resource to be one of the customresourcedefinitions');
  return request.object?.metadata?.labels?.[KEY] === 'webhook-disallow'
    ? refused('the crd contains unwanted label')
    : ALLOWED;
};

const judges = (sidecarImage: string | undefined): Readonly<Record<string, Judge>> => ({
  '/always-allow-delay-5s': () => ({
    allowed: true,
    status: { message: 'this webhook allows all requests' },
    afterMs: DELAY_MS,
  }),
  '/always-deny': () => refused('this webhook denies all requests'),
  '/add-label': addLabel,
  '/pods': admitPods,
  '/pods/attach': denyAttach,
  '/mutating-pods': mutatePods,
  '/mutating-pods-sidecar': addSidecar(sidecarImage),
  '/configmaps': onConfigMaps(admitData('configmap', 'key and value')),
  '/mutating-configmaps': onConfigMaps(mutateData),
  '/custom-resource': admitData('custom resource', 'data'),
  '/mutating-custom-resource': mutateData,
  '/crd': admitDefinition,
});

export const webhook: Program = (task) => {
  const image = flagsOf(task.argv.slice(2))['sidecar-image'];
  const all = Object.entries(judges(image && textOf(image)));
  return serveTls(task, Object.fromEntries(all.map(([path, judge]) => [path, handlerOf(judge)])));
};
