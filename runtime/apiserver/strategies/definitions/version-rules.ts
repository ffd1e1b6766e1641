import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinitionVersion,
  CustomResourceSubresources,
  CustomResourceValidation,
  SelectableField,
} from '../../../../generated/apiextensions/v1/types.ts';
import { jsonEqual } from '../../../meta/index.ts';
import { duplicate, forbidden, invalid, type Problem, required } from '../problem.ts';
import { celProblems } from './cel-rules.ts';
import { defaultProblems } from './default-rules.ts';
import { schemaProblems, type WrittenSchema } from './schema-rules.ts';
import { structuralProblems } from './structural-rules.ts';

/** What versions say, whether each for itself or all of them the same. */
export type VersionParts = Pick<
  CustomResourceDefinitionVersion,
  'schema' | 'subresources' | 'additionalPrinterColumns' | 'selectableFields'
>;

const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string'];
const COLUMN_FORMATS = [
  'byte',
  'date',
  'date-time',
  'double',
  'float',
  'int32',
  'int64',
  'password',
];
const SELECTABLE_MAX = 8;

const asWritten = (validation: CustomResourceValidation | undefined): WrittenSchema | undefined =>
  validation?.openAPIV3Schema as WrittenSchema | undefined;

/** Of `schema`, at `at`; `hasStatus`: status is a subresource, whose schema must stand by itself; `stored`: schemas that it had before. */
export function validationProblems(
  validation: CustomResourceValidation | undefined,
  hasStatus: boolean,
  at: string,
  stored: readonly CustomResourceValidation[],
): Problem[] {
  const schema = asWritten(validation);
  if (!schema) return [];
  const path = `${at}.openAPIV3Schema`;
  const structural = structuralProblems(schema, path);
  const defaults = structural.length === 0 ? defaultProblems(schema, path) : [];
  const written = schemaProblems(schema, path);
  const isRight = structural.length + defaults.length + written.length === 0;
  return [
    ...(hasStatus ? rootProblems(schema, path) : []),
    ...(schema.nullable
      ? [forbidden(`${path}.nullable`, 'nullable cannot be true at the root')]
      : []),
    ...structural,
    ...defaults,
    ...written,
    ...(isRight
      ? celProblems(
          schema,
          path,
          stored.some((each) => jsonEqual(each, validation)),
        )
      : []),
  ];
}

/** What a schema may say at its root where status is a subresource: nothing that joins status with the rest. */
const AT_ROOT: readonly string[] = [
  'Description',
  'Type',
  'Format',
  'Title',
  'Maximum',
  'ExclusiveMaximum',
  'Minimum',
  'ExclusiveMinimum',
  'MaxLength',
  'MinLength',
  'Pattern',
  'MaxItems',
  'MinItems',
  'UniqueItems',
  'MultipleOf',
  'Required',
  'Items',
  'Properties',
  'ExternalDocs',
  'Example',
  'XPreserveUnknownFields',
  'XValidations',
];
const ROOT_KEYS = new Set(AT_ROOT.map(keyOf));

/** A field of a schema by the name that messages call it by. */
function keyOf(name: string): string {
  if (name === 'XPreserveUnknownFields') return 'x-kubernetes-preserve-unknown-fields';
  if (name === 'XValidations') return 'x-kubernetes-validations';
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function rootProblems(schema: WrittenSchema, at: string): Problem[] {
  if (schema.type && schema.type !== 'object')
    return [
      invalid(
        `${at}.type`,
        schema.type,
        'only "object" is allowed as the type at the root of the schema if the status subresource is enabled',
      ),
    ];
  const other = Object.entries(schema).some(([name, value]) => value && !ROOT_KEYS.has(name));
  if (!other) return [];
  const words = `only [${AT_ROOT.join(' ')}] fields are allowed at the root of the schema if the status subresource is enabled`;
  return [invalid(at, schema, words)];
}

const isPath = (path: string): string | undefined =>
  path.startsWith('.') ? undefined : 'must be a simple json path starting with .';

export function subresourceProblems({ scale }: CustomResourceSubresources, at: string): Problem[] {
  if (!scale) return [];
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale;
  const of = (name: string, path: string | undefined, roots: readonly string[], words: string) => {
    const field = `${at}.scale.${name}`;
    if (!path) return [required(field)];
    const wrong = isPath(path);
    if (wrong) return [invalid(field, path, wrong)];
    return roots.some((root) => path.startsWith(root)) ? [] : [invalid(field, path, words)];
  };
  return [
    ...of('specReplicasPath', specReplicasPath, ['.spec.'], 'should be a json path under .spec'),
    ...of(
      'statusReplicasPath',
      statusReplicasPath,
      ['.status.'],
      'should be a json path under .status',
    ),
    ...(labelSelectorPath
      ? of(
          'labelSelectorPath',
          labelSelectorPath,
          ['.spec.', '.status.'],
          'should be a json path under either .spec or .status',
        )
      : []),
  ];
}

export function columnProblems(column: CustomResourceColumnDefinition, at: string): Problem[] {
  const { name, type, format, jsonPath } = column;
  const types = `must be one of ${COLUMN_TYPES.join(',')}`;
  const found: Problem[] = [];
  if (!name) found.push(required(`${at}.name`));
  if (!type) found.push(required(`${at}.type`, types));
  else if (!COLUMN_TYPES.includes(type)) found.push(invalid(`${at}.type`, type, types));
  if (format && !COLUMN_FORMATS.includes(format))
    found.push(invalid(`${at}.format`, format, `must be one of ${COLUMN_FORMATS.join(',')}`));
  if (!jsonPath) return [...found, required(`${at}.JSONPath`)];
  const wrong = isPath(jsonPath);
  return wrong ? [...found, invalid(`${at}.JSONPath`, jsonPath, wrong)] : found;
}

const SELECTABLE = ['string', 'boolean', 'integer'];

export function selectableProblems(
  fields: readonly SelectableField[],
  validation: CustomResourceValidation | undefined,
  at: string,
): Problem[] {
  const schema = asWritten(validation);
  const seen = new Set<string>();
  const found = fields.flatMap(({ jsonPath = '' }, index): Problem[] => {
    const field = `${at}[${index}].jsonPath`;
    if (jsonPath === '') return [required(field)];
    const wrong = selectableProblem(schema, jsonPath);
    if (wrong) return [invalid(field, jsonPath, wrong)];
    if (seen.has(jsonPath)) return [duplicate(field, jsonPath)];
    seen.add(jsonPath);
    return [];
  });
  if (seen.size <= SELECTABLE_MAX) return found;
  const message = `Too many: ${seen.size}: must have at most ${SELECTABLE_MAX} items`;
  return [...found, { field: at, reason: 'FieldValueTooMany', message }];
}

function selectableProblem(root: WrittenSchema | undefined, path: string): string | undefined {
  if (!path.startsWith('.'))
    return `is an invalid path: expected [ or . but got: ${/^[^.[]*/.exec(path)?.[0]}`;
  let schema: WrittenSchema | undefined = root;
  for (const step of path.slice(1).split('.')) {
    const [name = '', index] = step.split('[');
    schema = schema?.properties?.[name];
    if (schema && index !== undefined) return 'is an invalid path: array notation is not allowed';
    if (!schema) return 'is an invalid path: does not refer to a valid field';
  }
  if (path.startsWith('.metadata.')) return 'must not point to fields in metadata';
  return SELECTABLE.includes(schema?.type ?? '')
    ? undefined
    : 'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.';
}

const UNPRINTABLE = /[^\P{C}]|[^\P{Z} ]/u;

export function deprecationProblems(
  { deprecated, deprecationWarning: warning }: CustomResourceDefinitionVersion,
  at: string,
): Problem[] {
  if (warning === undefined) return [];
  const field = `${at}.deprecationWarning`;
  if (!deprecated) return [invalid(field, warning, 'can only be set for deprecated versions')];
  const found: Problem[] = [];
  if (Buffer.byteLength(warning) > 256)
    found.push(invalid(field, warning, 'must be <= 256 characters long'));
  if (warning === '') found.push(invalid(field, warning, 'must not be an empty string'));
  const at256 = UNPRINTABLE.exec(warning);
  if (at256)
    found.push(
      invalid(
        field,
        warning,
        `must only contain printable UTF-8 characters; non-printable character found at index ${Buffer.byteLength(warning.slice(0, at256.index))}`,
      ),
    );
  return found;
}
