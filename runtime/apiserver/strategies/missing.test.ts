import { expect, it } from 'vitest';
import { schemaSet } from '../../../generated/registry.ts';
import { compile } from '../../../generator/model/index.ts';

it.each([
  ['networking/v1.HTTPIngressPath', 'pathType', 'pathType must be specified'],
  [
    'batch/v1.PodFailurePolicyRule',
    'action',
    'valid values: ["Count" "FailIndex" "FailJob" "Ignore"]',
  ],
  ['batch/v1.PodFailurePolicyOnExitCodesRequirement', 'operator', 'valid values: ["In" "NotIn"]'],
])('%s without %s is refused in the words of the API', (definition, field, words) => {
  expect(compile(schemaSet).validate(definition, {})).toContainEqual({
    field,
    reason: 'FieldValueRequired',
    message: `Required value: ${words}`,
  });
});
