import { daemonsets, deployments, statefulsets } from '../../../generated/apps/v1/resources.ts';
import { cronjobs, jobs } from '../../../generated/batch/v1/resources.ts';
import { pods, services } from '../../../generated/core/v1/resources.ts';
import type { Container, PodTemplateSpec, Service } from '../../../generated/core/v1/types.ts';
import { ingresses } from '../../../generated/networking/v1/resources.ts';
import type { Ingress, IngressBackend } from '../../../generated/networking/v1/types.ts';
import {
  hasLabels,
  type KubeObject,
  keyOf,
  type ResourceRef,
  resourceId,
} from '../../meta/index.ts';
import type { Finding, ManifestResource } from '../contract.ts';
import { finding } from '../findings.ts';
import { labelOf } from '../located-resource.ts';
import type { OutcomeSources } from './origin.ts';

/** What may answer: a pod, or what pods will be like. */
interface Target {
  readonly labels: Readonly<Record<string, string>>;
  readonly containers: readonly Container[];
}

/** Services of manifests that no pod is behind, and Ingresses that send to what is not there: warnings at the names that lead nowhere. */
export function deadRoutes(sources: OutcomeSources): Finding[] {
  const { transport } = sources;
  const found: Finding[] = [];
  const targets = new Map<string, readonly Target[]>();
  for (const service of transport.lister(services).list()) {
    const manifest = manifestFor(sources, services, service as unknown as KubeObject);
    const { selector = {} } = service.spec ?? {};
    if (!manifest || Object.keys(selector).length === 0) continue;
    const { namespace = '' } = service.metadata;
    if (!targets.has(namespace)) targets.set(namespace, targetsIn(sources, namespace));
    found.push(...deadService(service, manifest, targets.get(namespace)!));
  }
  for (const ingress of transport.lister(ingresses).list()) {
    const manifest = manifestFor(sources, ingresses, ingress as unknown as KubeObject);
    if (manifest) found.push(...deadIngress(sources, ingress, manifest));
  }
  return found;
}

function manifestFor(
  { manifestOf }: OutcomeSources,
  ref: ResourceRef,
  object: KubeObject,
): ManifestResource | undefined {
  return manifestOf(resourceId(ref), keyOf(object));
}

function targetsIn({ transport }: OutcomeSources, namespace: string): Target[] {
  const templates: (PodTemplateSpec | undefined)[] = [
    ...transport
      .lister(deployments)
      .list(namespace)
      .map(({ spec }) => spec?.template),
    ...transport
      .lister(statefulsets)
      .list(namespace)
      .map(({ spec }) => spec?.template),
    ...transport
      .lister(daemonsets)
      .list(namespace)
      .map(({ spec }) => spec?.template),
    ...transport
      .lister(jobs)
      .list(namespace)
      .map(({ spec }) => spec?.template),
    ...transport
      .lister(cronjobs)
      .list(namespace)
      .map(({ spec }) => spec?.jobTemplate?.spec?.template),
    ...transport.lister(pods).list(namespace),
  ];
  const same = new Set<string>();
  return templates.flatMap((each) => {
    const labels = each?.metadata?.labels ?? {};
    const containers = each?.spec?.containers ?? [];
    const key = JSON.stringify([labels, containers.map(({ ports }) => ports)]);
    if (same.has(key)) return [];
    same.add(key);
    return [{ labels, containers }];
  });
}

function deadService(
  { spec = {} }: Service,
  manifest: ManifestResource,
  targets: readonly Target[],
): Finding[] {
  const { selector = {}, ports = [] } = spec;
  const behind = targets.filter(({ labels }) => hasLabels(labels, selector));
  const name = labelOf(manifest.object);
  if (behind.length === 0) {
    const unmet = Object.entries(selector).filter(
      ([key, value]) => !targets.some(({ labels }) => labels[key] === value),
    );
    const field = unmet.length === 1 ? `spec.selector[${unmet[0]![0]}]` : 'spec.selector';
    return [warning(manifest, field, `${name} reaches nothing: no pod has the labels it selects`)];
  }
  return ports.flatMap(({ targetPort }, at) => {
    const isNamed = behind.some(({ containers }) =>
      containers.some((each) => each.ports?.some((port) => port.name === targetPort)),
    );
    if (typeof targetPort !== 'string' || isNamed) return [];
    const text = `${name} reaches nothing: no container of its pods has a port named ${targetPort}`;
    return [warning(manifest, `spec.ports[${at}].targetPort`, text)];
  });
}

function deadIngress(
  sources: OutcomeSources,
  { spec = {}, metadata }: Ingress,
  manifest: ManifestResource,
): Finding[] {
  const { defaultBackend, rules = [] } = spec;
  const { namespace = '' } = metadata;
  const name = labelOf(manifest.object);
  const backends: [IngressBackend | undefined, string][] = [
    [defaultBackend, 'spec.defaultBackend'],
    ...rules.flatMap(({ http }, rule) =>
      (http?.paths ?? []).map(({ backend }, at): [IngressBackend | undefined, string] => [
        backend,
        `spec.rules[${rule}].http.paths[${at}].backend`,
      ]),
    ),
  ];
  return backends.flatMap(([backend, at]) => {
    const dead = backend && deadBackend(sources, namespace, backend);
    return dead ? [warning(manifest, `${at}.${dead.field}`, `${name} sends to ${dead.what}`)] : [];
  });
}

function deadBackend(
  { transport }: OutcomeSources,
  namespace: string,
  { service }: IngressBackend,
): { readonly field: string; readonly what: string } | undefined {
  if (!service) return undefined;
  const found = transport.lister(services).get(service.name ?? '', namespace);
  if (!found)
    return { field: 'service.name', what: `service ${service.name}, which does not exist` };
  const { number, name } = service.port ?? {};
  const { ports = [] } = found.spec ?? {};
  if (ports.some((each) => (name ? each.name === name : each.port === number))) return undefined;
  const field = name ? 'service.port.name' : 'service.port.number';
  return {
    field,
    what: `port ${name ?? number} of service ${service.name}, which it does not have`,
  };
}

function warning(manifest: ManifestResource, fieldPath: string, message: string): Finding {
  const object = labelOf(manifest.object);
  const range = manifest.rangeOf(fieldPath);
  return {
    ...finding('E_OUTCOME_ROUTE', message, { object, fieldPath, range }),
    severity: 'warning',
  };
}
