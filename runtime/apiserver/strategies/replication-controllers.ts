import type { PodTemplate, ReplicationController } from '../../../generated/core/v1/types.ts';
import type { KubeObject } from '../../meta/index.ts';
import {
  completePodSpec,
  completeTemplate,
  podSpecProblems,
  templateProblems,
} from './pod-spec/index.ts';
import { forbidden } from './problem.ts';
import type { Strategy } from './strategy.ts';

type StoredController = ReplicationController & KubeObject;
type StoredTemplate = PodTemplate & KubeObject;

/** ReplicationControllers: chosen by the labels of their template, which they carry themselves, unless they say otherwise. */
export const replicationControllers: Strategy<StoredController> = {
  prepareCreate: complete,
  prepareUpdate: complete,
  validate: templateProblems,
};

function complete(object: StoredController): StoredController {
  const controller = completeTemplate(object);
  const { spec, metadata } = controller;
  const labels = spec?.template?.metadata?.labels;
  if (!labels || (spec.selector && metadata.labels)) return controller;
  return {
    ...controller,
    metadata: metadata.labels ? metadata : { ...metadata, labels },
    spec: spec.selector ? spec : { ...spec, selector: labels },
  };
}

const PATH = 'template.spec';
const NO_EPHEMERAL = forbidden(
  `${PATH}.ephemeralContainers`,
  'ephemeral containers not allowed in pod template',
);

/** PodTemplates: a template like those of workloads, at the top. */
export const podTemplates: Strategy<StoredTemplate> = {
  returnsDeleted: true,
  prepareCreate: completeTop,
  prepareUpdate: completeTop,
  validate(object, old, found) {
    const spec = object.template?.spec;
    if (!spec || spec === old?.template?.spec) return [];
    const problems = podSpecProblems(spec, { path: PATH, isTemplate: true, found });
    return spec.ephemeralContainers ? [...problems, NO_EPHEMERAL] : problems;
  },
};

function completeTop(object: StoredTemplate): StoredTemplate {
  const before = object.template?.spec;
  if (!before) return object;
  const spec = completePodSpec(before);
  return spec === before ? object : { ...object, template: { ...object.template, spec } };
}
