import type { MatchCondition } from '../../../generated/admissionregistration/v1/types.ts';
import { FORMAT_CHECKS } from '../../../generator/model/index.ts';
import { expressionProblem } from '../expressions/index.ts';
import { duplicate, invalid, type Problem, required } from './problem.ts';

const qualified = FORMAT_CHECKS['label-key'];

/** Conditions of webhooks have names of their own and can be read. */
export function conditionProblems(conditions: readonly MatchCondition[], path: string): Problem[] {
  const names = conditions.map(({ name }) => name);
  return conditions.flatMap(({ name, expression }, at) => {
    const own = `${path}[${at}]`;
    const isTaken = name !== '' && names.indexOf(name) < at;
    return [
      ...expressionProblems(expression, `${own}.expression`),
      ...nameProblems(name, `${own}.name`),
      ...(isTaken ? [duplicate(`${own}.name`, name)] : []),
    ];
  });
}

function expressionProblems(expression: string, path: string): Problem[] {
  if (expression.trim() === '') return [required(path, '')];
  const problem = expressionProblem(expression);
  return problem === undefined ? [] : [invalid(path, expression, `compilation failed: ${problem}`)];
}

function nameProblems(name: string, path: string): Problem[] {
  if (name === '') return [required(path, '')];
  const wrong = qualified(name);
  return wrong ? [invalid(path, name, wrong)] : [];
}
