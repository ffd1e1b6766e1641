import type { Job } from '../../../generated/batch/v1/types.ts';
import type { Container, Pod, PodSpec, PodTemplateSpec } from '../../../generated/core/v1/types.ts';
import type { Init } from '../../client/index.ts';
import { ownerReference } from '../../meta/index.ts';
import { failureAnnotations } from './failed-indexes.ts';
import { INDEX_KEY, TRACKING_FINALIZER } from './job.ts';
import type { PodOrder } from './plan.ts';

const INDEX_VARIABLE = 'JOB_COMPLETION_INDEX';
/** A generated name's prefix: room for five more characters in a DNS label. */
const PREFIX_MAX = 58;
const NAME_LENGTH_MAX = 253;

/** The pod that a Job makes for `order`. Whatever pods of one template have in common is shared. */
export function podFor(job: Job, order: PodOrder): Init<Pod> {
  const { name = '', namespace } = job.metadata;
  const template: PodTemplateSpec = job.spec?.template ?? {};
  const { labels, annotations, finalizers = [] } = template.metadata ?? {};
  const shared = {
    ...(namespace ? { namespace } : {}),
    finalizers: finalizers.includes(TRACKING_FINALIZER)
      ? finalizers
      : [...finalizers, TRACKING_FINALIZER],
    ownerReferences: [ownerReference(job)],
  };
  if (order.index === undefined)
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        generateName: name.length < NAME_LENGTH_MAX ? `${name}-` : name,
        ...shared,
        ...(labels ? { labels } : {}),
        ...(annotations ? { annotations } : {}),
      },
      ...(template.spec ? { spec: template.spec } : {}),
    };
  const index = { [INDEX_KEY]: `${order.index}` };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: indexedPrefix(name, order.index),
      ...shared,
      labels: { ...labels, ...index },
      annotations: { ...annotations, ...index, ...failureAnnotations(job, order.replaced) },
    },
    ...(template.spec
      ? { spec: { ...withIndexVariable(template.spec), hostname: `${name}-${order.index}` } }
      : {}),
  };
}

function indexedPrefix(name: string, index: number): string {
  const suffix = `-${index}-`;
  return `${name.slice(0, PREFIX_MAX - suffix.length)}${suffix}`;
}

const withVariable = new WeakMap<PodSpec, PodSpec>();

/** The spec whose containers are told their index; made once for a template. */
function withIndexVariable(spec: PodSpec): PodSpec {
  let told = withVariable.get(spec);
  if (!told) {
    const { containers, initContainers } = spec;
    told = {
      ...spec,
      containers: containers.map(tellIndex),
      ...(initContainers ? { initContainers: initContainers.map(tellIndex) } : {}),
    };
    withVariable.set(spec, told);
  }
  return told;
}

function tellIndex(container: Container): Container {
  const { env = [] } = container;
  if (env.some(({ name }) => name === INDEX_VARIABLE)) return container;
  const fieldRef = { apiVersion: 'v1', fieldPath: `metadata.labels['${INDEX_KEY}']` };
  return { ...container, env: [...env, { name: INDEX_VARIABLE, valueFrom: { fieldRef } }] };
}
