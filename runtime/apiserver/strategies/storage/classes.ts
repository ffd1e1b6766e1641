import type {
  StorageClass,
  TopologySelectorTerm,
  VolumeAttributesClass,
} from '../../../../generated/storage/v1/types.ts';
import { FORMAT_CHECKS } from '../../../../generator/model/index.ts';
import { isDefaultStorageClass, jsonEqual, type KubeObject } from '../../../meta/index.ts';
import { duplicate, forbidden, invalid, type Problem, required } from '../problem.ts';
import type { Strategy } from '../strategy.ts';
import { driverNameProblems, parameterProblems } from './names.ts';

type StoredClass = StorageClass & KubeObject;
type StoredAttributes = VolumeAttributesClass & KubeObject;

/** StorageClasses: how volumes are made stays as it was, but whether they may grow. */
export const storageClasses: Strategy<StoredClass> = {
  indexes: { default: (object) => (isDefaultStorageClass(object) ? ['true'] : []) },
  validate(object, old) {
    if (old) return changed(object, old, ['parameters', 'provisioner', 'reclaimPolicy']);
    const { provisioner, parameters, allowedTopologies = [] } = object;
    const wrong = provisioner && FORMAT_CHECKS['label-key'](provisioner.toLowerCase());
    return [
      ...(wrong ? [invalid('provisioner', provisioner, wrong)] : []),
      ...parameterProblems(parameters),
      ...topologyProblems(allowedTopologies),
    ];
  },
};

/** VolumeAttributesClasses: some parameters for a driver, which stay. */
export const volumeAttributesClasses: Strategy<StoredAttributes> = {
  validate(object, old) {
    if (old) return changed(object, old, ['driverName', 'parameters']);
    const { driverName, parameters } = object;
    return [
      ...driverNameProblems(driverName, 'driverName'),
      ...(parameters
        ? parameterProblems(parameters)
        : [required('parameters', 'must contain at least one key/value pair')]),
    ];
  },
};

function changed<T extends object>(object: T, old: T, fields: readonly (keyof T & string)[]) {
  return fields
    .filter((field) => !jsonEqual(object[field], old[field]))
    .map((field) => forbidden(field, `updates to ${field} are forbidden.`));
}

/** A place is described once, and each of its labels and their values too. */
function topologyProblems(terms: readonly TopologySelectorTerm[]): Problem[] {
  const texts = terms.map(({ matchLabelExpressions = [] }) => asText(matchLabelExpressions));
  return terms.flatMap(({ matchLabelExpressions = [] }, at) => {
    const path = `allowedTopologies[${at}].matchLabelExpressions`;
    const keys = matchLabelExpressions.map(({ key }) => key);
    return [
      ...matchLabelExpressions.flatMap(({ values }, place) =>
        repeated(values ?? [], (index) => `${path}[${place}].values[${index}]`),
      ),
      ...repeated(keys, (place) => `${path}[${place}].key`),
      ...(texts.indexOf(texts[at]!) < at ? [duplicate(path, '')] : []),
    ];
  });
}

function asText(expressions: NonNullable<TopologySelectorTerm['matchLabelExpressions']>): string {
  const sorted = expressions.map(({ key, values = [] }) => [key, [...values].sort()]);
  return JSON.stringify(sorted.sort());
}

function repeated(texts: readonly string[], fieldOf: (at: number) => string): Problem[] {
  return texts.flatMap((text, at) =>
    texts.indexOf(text) < at ? [duplicate(fieldOf(at), text)] : [],
  );
}
