import type {
  CustomResourceDefinitionCondition,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionSpec,
} from '../../../../generated/apiextensions/v1/types.ts';
import { withCondition } from '../../../meta/index.ts';
import type { Strategy } from '../strategy.ts';
import { unknownFormats } from './formats.ts';
import { nameProblems } from './names.ts';
import { definitionProblems, type StoredDefinition as Stored } from './validate.ts';

/** Holds a definition until all objects of its kind are gone. */
const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';

/** CustomResourceDefinitions: names and conversion are completed, and who deletes one waits for its objects to go. */
export const definitions: Strategy<Stored> = {
  needsVersion: true,
  prepareCreate: (object) => completed({ ...object, status: { acceptedNames: NO_NAMES } }),
  prepareUpdate: (object) => completed(object),
  validate: (object, old) => definitionProblems(object, old),
  validateStatus: ({ status }) =>
    status?.acceptedNames ? nameProblems(status.acceptedNames, 'status.acceptedNames') : [],
  warnings(object, old) {
    const known = new Set(old ? unknownFormats(old) : []);
    return unknownFormats(object)
      .filter((format) => !known.has(format))
      .map((format) => `unrecognized format ${JSON.stringify(format)}`);
  },
  markDeleted(object) {
    const { deletionGracePeriodSeconds: _, ...metadata } = object.metadata;
    const { finalizers = [], deletionTimestamp = '' } = metadata;
    const all = finalizers.includes(CLEANUP) ? finalizers : [...finalizers, CLEANUP];
    const conditions = withCondition(object.status?.conditions, {
      type: 'Terminating',
      status: 'True',
      lastTransitionTime: deletionTimestamp,
      reason: 'InstanceDeletionPending',
      message:
        'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
    } satisfies CustomResourceDefinitionCondition);
    const status = { ...object.status, conditions };
    return { ...object, metadata: { ...metadata, finalizers: all }, status };
  },
};

const NO_NAMES = { plural: '', kind: '' };

function completed(object: Stored): Stored {
  const spec = completedSpec((object.spec ?? {}) as CustomResourceDefinitionSpec);
  const storage = spec.versions?.find((each) => each.storage)?.name;
  const { storedVersions = [] } = object.status ?? {};
  const isListed = storage === undefined || storedVersions.includes(storage);
  if (spec === object.spec && isListed) return object;
  const status = isListed
    ? object.status
    : { ...object.status, storedVersions: [...storedVersions, storage] };
  return { ...object, spec, ...(status ? { status } : {}) };
}

function completedSpec(spec: CustomResourceDefinitionSpec): CustomResourceDefinitionSpec {
  const names = completedNames((spec.names ?? {}) as CustomResourceDefinitionNames);
  if (names === spec.names && spec.conversion) return spec;
  return { ...spec, names, conversion: spec.conversion ?? { strategy: 'None' } };
}

function completedNames(names: CustomResourceDefinitionNames): CustomResourceDefinitionNames {
  const { kind = '', singular, listKind } = names;
  if ((singular && listKind) || kind === '') return names;
  return {
    ...names,
    singular: singular || kind.toLowerCase(),
    listKind: listKind || `${kind}List`,
  };
}
