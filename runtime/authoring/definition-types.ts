import type { JSONSchemaProps } from '../../generated/apiextensions/v1/types.ts';
import { type FieldProblem, notSupported } from '../../generator/model/index.ts';

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];

/**
 * Types in the schema of a definition that JSON schema does not have, in the words of the server. Known before the server is asked:
 * by such a schema all objects of the kind would be wrong, which is none of their doing.
 */
export function typeProblems(schema: JSONSchemaProps, at: string): FieldProblem[] {
  const { type, items, additionalProperties, properties = {} } = schema;
  const values = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  return [
    ...(type && !TYPES.includes(type) ? [notSupported(`${at}.type`, type, TYPES)] : []),
    ...(items ? typeProblems(items as JSONSchemaProps, `${at}.items`) : []),
    ...(values ? typeProblems(values as JSONSchemaProps, `${at}.additionalProperties`) : []),
    ...Object.entries(properties).flatMap(([name, each]) =>
      typeProblems(each, `${at}.properties[${name}]`),
    ),
  ];
}
