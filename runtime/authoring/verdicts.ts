import {
  type FieldProblem,
  FORMAT_CHECKS,
  forbidden,
  type Interpreter,
  invalid,
  type KindDescriptor,
  required,
} from '../../generator/model/index.ts';
import type { KubeObject, ObjectMeta } from '../meta/index.ts';
import { absentPart } from './field-path.ts';

export interface Verdict {
  /** The object as the server would take it: without unknown fields, with defaults. */
  readonly admitted: unknown;
  readonly problems: readonly FieldProblem[];
}

/**
 * What the schemas say of objects. An evaluation makes all objects anew, though most are what they were: verdicts of the last
 * check are found again by the object's text.
 */
export class Verdicts {
  readonly #interpreter: Interpreter;
  #last = new Map<string, Verdict>();
  #current = new Map<string, Verdict>();

  constructor(interpreter: Interpreter) {
    this.#interpreter = interpreter;
  }

  /** Begins a check: what neither it nor the last one has asked for is forgotten. */
  begin(): void {
    this.#last = this.#current;
    this.#current = new Map();
  }

  judge(kind: KindDescriptor, object: KubeObject): Verdict {
    const text = JSON.stringify(object);
    const verdict = this.#last.get(text) ?? this.#judge(kind, object);
    this.#current.set(text, verdict);
    return verdict;
  }

  #judge(kind: KindDescriptor, object: KubeObject): Verdict {
    const { value: admitted, problems: admission } = this.#interpreter.admit(kind.schema, object);
    const problems = [
      ...metadataProblems(object.metadata, kind),
      ...admission,
      ...this.#validate(kind, admitted, admission),
    ];
    return { admitted, problems: withoutEchoes(problems, object) };
  }

  /** Rules about a value of the wrong type say nothing new: those at and below it are left out. */
  #validate(
    kind: KindDescriptor,
    value: unknown,
    admission: readonly FieldProblem[],
  ): FieldProblem[] {
    const mistyped = admission.filter(({ reason }) => reason === 'FieldValueTypeInvalid');
    try {
      return this.#interpreter
        .validate(kind.schema, value)
        .filter(({ field }) => !mistyped.some((each) => isWithin(field, each.field)));
    } catch (error) {
      if (mistyped.length > 0) return [];
      throw error;
    }
  }
}

/**
 * Where a parent is absent, rules about what would be in it say one thing: that the parent is required. Only that is left, once a
 * parent.
 */
function withoutEchoes(problems: readonly FieldProblem[], object: object): FieldProblem[] {
  const missing = new Set<string>();
  const own = problems.flatMap((problem) => {
    if (problem.reason !== 'FieldValueRequired') return [problem];
    const field = absentPart(object, problem.field) ?? problem.field;
    if (field !== problem.field && missing.has(field)) return [];
    missing.add(field);
    return field === problem.field ? [problem] : [required(field)];
  });
  return own.filter(({ field, reason }) => {
    const absent = absentPart(object, field);
    return reason === 'FieldValueRequired' || absent === undefined || !missing.has(absent);
  });
}

const isWithin = (field: string, parent: string): boolean =>
  field === parent || field.startsWith(`${parent}.`) || field.startsWith(`${parent}[`);

/** What the schemas leave to the kind: whether there is a name, its form, and whether there is a namespace. */
function* metadataProblems(metadata: ObjectMeta, kind: KindDescriptor): Generator<FieldProblem> {
  const { name, generateName, namespace } = metadata;
  if (!name && !generateName) yield required('metadata.name', 'or set metadata.generateName');
  const wrongName = typeof name === 'string' && name !== '' && FORMAT_CHECKS[kind.nameFormat](name);
  if (wrongName) yield invalid('metadata.name', name, wrongName);
  if (typeof namespace !== 'string') return;
  if (!kind.namespaced) yield forbidden('metadata.namespace', `a ${kind.kind} is in no namespace`);
  const wrongNamespace = kind.namespaced && FORMAT_CHECKS['dns-label'](namespace);
  if (wrongNamespace) yield invalid('metadata.namespace', namespace, wrongNamespace);
}
