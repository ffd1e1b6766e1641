import type { FieldProblem } from '../../../generator/model/index.ts';

export {
  duplicate,
  forbidden,
  invalid,
  notSupported,
  required,
} from '../../../generator/model/index.ts';

/** Why an object is refused: what its schema says, and what only the server knows (a name that nothing has). */
export type Problem = Omit<FieldProblem, 'reason'> & {
  readonly reason: FieldProblem['reason'] | 'FieldValueNotFound';
};

/** `value` names something that is not there. */
export const unknownName = (field: string, value: string, detail = ''): Problem => ({
  field,
  reason: 'FieldValueNotFound',
  message: `Not found: ${JSON.stringify(value)}${detail === '' ? '' : `: ${detail}`}`,
});

export const tooLong = (field: string, bytesMax: number): Problem => ({
  field,
  reason: 'FieldValueTooLong',
  message: `Too long: may not be more than ${bytesMax} bytes`,
});
