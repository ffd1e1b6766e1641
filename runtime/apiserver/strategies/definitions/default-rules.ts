import { jsonEqual, NOWHERE, prune, validateJson } from '../../../../generator/model/index.ts';
import { ruleCheck } from '../../cel/index.ts';
import { invalid, type Problem } from '../problem.ts';
import type { WrittenSchema } from './schema-rules.ts';

const METADATA = new Set(['metadata', 'kind', 'apiVersion']);

/** Defaults that are no values of their schema: objects would be filled with what is refused. */
export function defaultProblems(schema: WrittenSchema, at: string, isRoot = true): Problem[] {
  const isResource = isRoot || schema['x-kubernetes-embedded-resource'] === true;
  const { items, properties = {} } = schema;
  return [
    ...ownProblems(schema, `${at}.default`),
    ...(items ? defaultProblems(items, `${at}.items`, false) : []),
    ...Object.entries(properties).flatMap(([name, each]) =>
      isResource && METADATA.has(name)
        ? []
        : defaultProblems(each, `${at}.properties[${name}]`, false),
    ),
  ];
}

function ownProblems(schema: WrittenSchema, at: string): Problem[] {
  const { default: value } = schema;
  if (value === undefined || value === null) return [];
  const pruned = prune(schema, value, schema['x-kubernetes-embedded-resource']);
  const found = jsonEqual(pruned, value)
    ? []
    : [invalid(at, value, 'must not have unknown fields')];
  const typed = validateJson(schema, value, undefined, '');
  const wrong = typed.length === 0 ? (ruleCheck(schema, false)?.(value, undefined) ?? []) : typed;
  return [...found, ...wrong.map((problem) => ({ ...problem, field: below(at, problem.field) }))];
}

function below(at: string, field: string): string {
  if (field === NOWHERE || field === '') return at;
  return field.startsWith('[') ? at + field : `${at}.${field}`;
}
