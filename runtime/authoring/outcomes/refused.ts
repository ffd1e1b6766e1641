import {
  mutatingwebhookconfigurations,
  validatingwebhookconfigurations,
} from '../../../generated/admissionregistration/v1/resources.ts';
import { limitranges, namespaces } from '../../../generated/core/v1/resources.ts';
import { type KubeObject, keyOf, type ResourceRef, resourceId } from '../../meta/index.ts';
import type { Finding, SourceRange } from '../contract.ts';
import { finding } from '../findings.ts';
import { labelOf } from '../located-resource.ts';
import {
  containerPath,
  type Origin,
  type OutcomeSources,
  originOf,
  podFieldOf,
  podSpecOf,
} from './origin.ts';
import { greediest } from './requests.ts';

const ENFORCE = 'pod-security.kubernetes.io/enforce';

/** What refuses, beside the pod itself: an object and the field of it. */
interface Ruling {
  readonly ref: ResourceRef;
  readonly object: KubeObject;
  readonly fieldPath: string;
}

/** One sort of refusal: how the server words it, which field of the pod it means, and whose rule it is. */
interface Sort {
  readonly pattern: RegExp;
  field(origin: Origin, match: readonly string[]): string;
  ruling?(sources: OutcomeSources, namespace: string, match: readonly string[]): Ruling | undefined;
}

const SORTS: readonly Sort[] = [
  {
    pattern:
      /(minimum|maximum) (\S+) usage per (Container|Pod) is [^\s,]+?(?:\.\s+No (request|limit)|, but (request|limit))/,
    field: (origin, [, , resource = '', , missing, given]) => {
      const list = (missing ?? given) === 'limit' ? 'limits' : 'requests';
      return resourceField(origin, list, resource);
    },
    ruling: (sources, namespace, [, bound, resource, type]) =>
      limitOf(sources, namespace, type!, bound === 'minimum' ? 'min' : 'max', resource!),
  },
  {
    pattern: /(\S+) max limit to request ratio per (Container|Pod) is/,
    field: (origin, [, resource = '']) => resourceField(origin, 'limits', resource),
    ruling: (sources, namespace, [, resource, type]) =>
      limitOf(sources, namespace, type!, 'maxLimitRequestRatio', resource!),
  },
  {
    pattern: /failed quota: \S+: must specify (requests|limits)\.(\S+?) for: ([^;,\s]+)/,
    field: (origin, [, list, , name = '']) => inContainer(origin, name, `resources.${list}`),
  },
  {
    pattern: /violates PodSecurity.*?container "([^"]+)" must (?:not )?(?:set |include )?(\S*)/s,
    field: (origin, [, name = '', field = '']) =>
      inContainer(origin, name, /^securityContext[\w.]*/.exec(field)?.[0] ?? 'securityContext'),
    ruling: enforced,
  },
  {
    pattern: /violates PodSecurity.*?\b(hostNetwork|hostPID|hostIPC)=true/s,
    field: (_, [, field]) => `spec.${field}`,
    ruling: enforced,
  },
  {
    pattern: /violates PodSecurity.*?volumes? "([^"]+)"/s,
    field: (origin, [, name]) => {
      const at = (podSpecOf(origin).volumes ?? []).findIndex((each) => each.name === name);
      return at < 0 ? 'spec.volumes' : `spec.volumes[${at}]`;
    },
    ruling: enforced,
  },
  { pattern: /violates PodSecurity/, field: () => 'spec.securityContext', ruling: enforced },
  {
    pattern: /admission webhook "([^"]+)" denied the request/,
    field: () => 'spec',
    ruling: (sources, _, [, name = '']) => hookNamed(sources, name, 'rules'),
  },
  {
    pattern: /failed calling webhook "([^"]+)"/,
    field: () => 'spec',
    ruling: (sources, _, [, name = '']) => hookNamed(sources, name, 'clientConfig'),
  },
  { pattern: /serviceaccount "[^"]*" not found/, field: () => 'spec.serviceAccountName' },
  { pattern: /no PriorityClass with name/, field: () => 'spec.priorityClassName' },
  { pattern: /RuntimeClass "[^"]*" not found/i, field: () => 'spec.runtimeClassName' },
  {
    pattern:
      /(spec\.[\w.[\]/-]+): (?:Invalid value|Required value|Forbidden|Unsupported value|Duplicate value|Too (?:long|many)|Not found)/,
    field: (_, [, path = 'spec']) => path,
  },
];

/** `refused` is an object whose pods the server does not take, and what it said. */
export function refusedPod(sources: OutcomeSources, refused: KubeObject, message: string): Finding {
  const text = reasonIn(message);
  const said = `${labelOf(refused)} gets no pods: ${text}`;
  const origin = originOf(sources, refused);
  if (!origin) return finding('E_OUTCOME_REFUSED', said);
  for (const { pattern, field, ruling } of SORTS) {
    const match = pattern.exec(text);
    if (!match) continue;
    const rule = ruling?.(sources, refused.metadata.namespace ?? '', match);
    const range = rule && placeOf(sources, rule);
    const message = rule ? `${labelOf(rule.object)} rules it, ${rule.fieldPath}` : '';
    return finding('E_OUTCOME_REFUSED', said, {
      object: labelOf(origin.resource.object),
      ...podFieldOf(origin, field(origin, match)),
      ...(range ? { related: [{ message, range }] } : rule ? { causes: [message] } : {}),
    });
  }
  return finding('E_OUTCOME_REFUSED', said, {
    object: labelOf(origin.resource.object),
    ...podFieldOf(origin, 'spec'),
  });
}

/** Without what stands before the reason, which names a pod that was never made. */
function reasonIn(message: string): string {
  const [, reason] = /is (?:forbidden|invalid): (.*)$/s.exec(message) ?? [];
  return reason ?? message.replace(/^Error creating: /, '');
}

function resourceField(origin: Origin, list: 'requests' | 'limits', resource: string): string {
  const { containers = [] } = podSpecOf(origin);
  const at = greediest(containers, list, resource) ?? 0;
  return `spec.containers[${at}].resources.${list}[${resource}]`;
}

function inContainer(origin: Origin, name: string, field: string): string {
  const path = containerPath(origin, name);
  return path ? `${path}.${field}` : 'spec.containers';
}

/** The bound of a limit range of the namespace; of several the first. */
function limitOf(
  { transport }: OutcomeSources,
  namespace: string,
  type: string,
  bound: 'min' | 'max' | 'maxLimitRequestRatio',
  resource: string,
): Ruling | undefined {
  for (const range of transport.lister(limitranges).list(namespace)) {
    const at = range.spec?.limits?.findIndex(
      (each) => each.type === type && each[bound]?.[resource] !== undefined,
    );
    if (at === undefined || at < 0) continue;
    const fieldPath = `spec.limits[${at}].${bound}[${resource}]`;
    return { ref: limitranges as ResourceRef, object: range as unknown as KubeObject, fieldPath };
  }
  return undefined;
}

function enforced({ transport }: OutcomeSources, namespace: string): Ruling | undefined {
  const found = transport.lister(namespaces).byKey(namespace);
  if (found?.metadata?.labels?.[ENFORCE] === undefined) return undefined;
  const fieldPath = `metadata.labels[${ENFORCE}]`;
  return { ref: namespaces as ResourceRef, object: found as unknown as KubeObject, fieldPath };
}

const HOOKS = [mutatingwebhookconfigurations, validatingwebhookconfigurations] as const;

/** The first webhook of a name, which refusals tell. */
function hookNamed({ transport }: OutcomeSources, name: string, field: string): Ruling | undefined {
  for (const ref of HOOKS)
    for (const each of transport.lister(ref as ResourceRef).list()) {
      const object = each as unknown as KubeObject & Configuration;
      const at = object.webhooks?.findIndex((hook) => hook.name === name) ?? -1;
      if (at >= 0) return { ref, object, fieldPath: `webhooks[${at}].${field}` };
    }
  return undefined;
}

interface Configuration {
  readonly webhooks?: readonly { readonly name: string }[];
}

function placeOf(
  { manifestOf }: OutcomeSources,
  { ref, object, fieldPath }: Ruling,
): SourceRange | undefined {
  return manifestOf(resourceId(ref), keyOf(object))?.rangeOf(fieldPath);
}
