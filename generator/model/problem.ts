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
  message: `Invalid value: ${shown(value)}: ${detail}`,
});

export const notSupported = (
  field: string,
  value: unknown,
  supported: readonly string[],
): FieldProblem => ({
  field,
  reason: 'FieldValueNotSupported',
  message: `Unsupported value: ${shown(value)}: supported values: ${[...supported]
    .sort()
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

/** `path.name`, without the dot at the root. */
export function childPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
