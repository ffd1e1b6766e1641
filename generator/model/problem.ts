/** Why a value is refused, as Kubernetes' API reports it: the cause's reason, its field path and its words. */
export interface FieldProblem {
  /** `spec.containers[0].name`, map keys as `data[key]`. Empty for the object itself. */
  readonly field: string;
  readonly reason:
    | 'FieldValueRequired'
    | 'FieldValueInvalid'
    | 'FieldValueNotSupported'
    | 'FieldValueDuplicate'
    | 'FieldValueForbidden'
    | 'FieldValueTypeInvalid'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany'
    | 'FieldUnknown';
  /** Without the field: `Unsupported value: "x": supported values: …`. */
  readonly message: string;
}

export const required = (field: string, detail = ''): FieldProblem => ({
  field,
  reason: 'FieldValueRequired',
  message: detail === '' ? 'Required value' : `Required value: ${detail}`,
});

export const invalid = (field: string, value: unknown, detail: string): FieldProblem => ({
  field,
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${shown(value)}${detail === '' ? '' : `: ${detail}`}`,
});

export const notSupported = (
  field: string,
  value: unknown,
  supported: readonly string[],
): FieldProblem => ({
  field,
  reason: 'FieldValueNotSupported',
  message: `Unsupported value: ${shown(value)}: supported values: ${supported
    .map((each) => JSON.stringify(each))
    .join(', ')}`,
});

export const duplicate = (field: string, value: unknown): FieldProblem => ({
  field,
  reason: 'FieldValueDuplicate',
  message: `Duplicate value: ${shown(value)}`,
});

export const forbidden = (field: string, detail: string): FieldProblem => ({
  field,
  reason: 'FieldValueForbidden',
  message: `Forbidden: ${detail}`,
});

function shown(value: unknown): string {
  return JSON.stringify(value) ?? 'null';
}

/** `b` below `a`: `a.b`, `a[0]`; either may be empty. */
export function joinPath(a: string, b: string): string {
  if (a === '') return b;
  if (b === '') return a;
  return b.startsWith('[') ? a + b : `${a}.${b}`;
}

/**
 * Puts `step` before the paths of the problems found since there were `from` of them. A value names its problems from itself on
 * and whoever holds it says where it is, so that a value without problems costs no paths.
 */
export function within(step: string, problems: FieldProblem[], from: number): void {
  for (let at = from; at < problems.length; at++) {
    const problem = problems[at]!;
    problems[at] = { ...problem, field: joinPath(step, problem.field) };
  }
}

/** `path.name`, without the dot at the root. */
export function childPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
