import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinition,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionVersion,
} from '../../generated/apiextensions/v1/types.ts';
import type { KindDescriptor, PrinterColumn } from '../../generator/model/index.ts';

const VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];

/** Stands for all fields but metadata, in which a change raises the generation. */
const ALL_FIELDS = '*';

/** The kind that one version of a definition adds, under the names that it has got or else asks for. */
export function customKind(
  definition: CustomResourceDefinition,
  version: CustomResourceDefinitionVersion,
): KindDescriptor {
  const { group = '', scope } = definition.spec ?? {};
  const {
    plural = '',
    singular,
    shortNames = [],
    categories = [],
    kind = '',
  } = namesOf(definition);
  const { name = '', subresources = {}, selectableFields = [], additionalPrinterColumns } = version;
  const { status, scale } = subresources;
  return {
    group,
    version: name,
    kind,
    plural,
    singular: singular ?? '',
    shortNames,
    categories,
    namespaced: scope === 'Namespaced',
    verbs: VERBS,
    schema: `${group}/${name}.${kind}`,
    subresources: {
      ...(status ? { status: {} } : {}),
      ...(scale
        ? {
            scale: {
              specReplicasPath: scale.specReplicasPath ?? '',
              statusReplicasPath: scale.statusReplicasPath ?? '',
              ...(scale.labelSelectorPath ? { labelSelectorPath: scale.labelSelectorPath } : {}),
            },
          }
        : {}),
    },
    printerColumns: [NAME, ...(additionalPrinterColumns ?? [AGE]).map(columnOf)],
    selectableFields: selectableFields.map(({ jsonPath = '' }) => jsonPath.replace(/^\./, '')),
    generationFields: [ALL_FIELDS],
    nameFormat: 'dns-subdomain',
    statusField: status ? 'status' : null,
    allowsUpdateToCreate: false,
    custom: true,
  };
}

const NAME: PrinterColumn = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name of the object, unique in its namespace.',
  path: '.metadata.name',
};

const AGE: CustomResourceColumnDefinition = {
  name: 'Age',
  type: 'date',
  description: 'When the object was created.',
  jsonPath: '.metadata.creationTimestamp',
};

function columnOf(column: CustomResourceColumnDefinition): PrinterColumn {
  const { name = '', type = 'string', format, description, priority, jsonPath = '' } = column;
  return {
    name,
    type: type as PrinterColumn['type'],
    ...(format ? { format } : {}),
    description:
      description || `Custom resource definition column (in JSONPath format): ${jsonPath}`,
    ...(priority ? { priority } : {}),
    jsonPath,
  };
}

/** The names under which the kind is served. */
function namesOf({
  spec,
  status,
}: CustomResourceDefinition): Partial<CustomResourceDefinitionNames> {
  const { acceptedNames } = status ?? {};
  return (acceptedNames?.plural ? acceptedNames : spec?.names) ?? {};
}
