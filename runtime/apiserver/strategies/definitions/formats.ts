import { isKnownFormat } from '../../../../generator/model/index.ts';
import { asSchema, nested, type WrittenSchema } from './schema-rules.ts';
import type { StoredDefinition } from './validate.ts';

/** Formats in the schemas of a definition that nothing is checked by, as often as they are there. */
export function unknownFormats({ spec }: StoredDefinition): string[] {
  return (spec?.versions ?? []).flatMap(({ schema }) => {
    const root = schema?.openAPIV3Schema as WrittenSchema | undefined;
    return root ? formatsIn(root) : [];
  });
}

const NUMBERS: Readonly<Record<string, readonly string[]>> = {
  integer: ['int32', 'int64'],
  number: ['float', 'double'],
};

function isUnknown({ type = '', format }: WrittenSchema): boolean {
  if (!format) return false;
  if (type === '' || type === 'string') return !isKnownFormat(format);
  return NUMBERS[type] !== undefined && !NUMBERS[type].includes(format);
}

function formatsIn(schema: WrittenSchema): string[] {
  const values = asSchema(schema.additionalProperties);
  return [
    ...(isUnknown(schema) ? [schema.format!] : []),
    ...nested(schema).flatMap(([, each]) => formatsIn(each)),
    ...Object.values(schema.properties ?? {}).flatMap(formatsIn),
    ...(values ? formatsIn(values) : []),
  ];
}
