import {
  type FieldProblem,
  FORMAT_CHECKS,
  forbidden,
  invalid,
  type KindDescriptor,
  required,
} from '../../generator/model/index.ts';
import type { KubeObject, ObjectMeta } from '../meta/index.ts';
import { absentPart } from './field-path.ts';
import type { KnownKind } from './kinds.ts';

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
  #last = new Map<string, Judged>();
  #current = new Map<string, Judged>();

  /** Begins a check: what neither it nor the last one has asked for is forgotten. */
  begin(): void {
    this.#last = this.#current;
    this.#current = new Map();
  }

  judge(known: KnownKind, object: KubeObject): Verdict {
    const text = JSON.stringify(object);
    const before = this.#current.get(text) ?? this.#last.get(text);
    const { interpreter } = known;
    const judged =
      before?.by === interpreter ? before : { by: interpreter, verdict: verdictOn(known, object) };
    this.#current.set(text, judged);
    return judged.verdict;
  }
}

interface Judged {
  /** A definition that changes has a new one for its kind. */
  readonly by: KnownKind['interpreter'];
  readonly verdict: Verdict;
}

function verdictOn({ kind, interpreter }: KnownKind, object: KubeObject): Verdict {
  const { value: admitted, problems: admission } = interpreter.admit(kind.schema, object);
  const problems = [
    ...metadataProblems(object.metadata, kind),
    ...admission,
    ...validated({ kind, interpreter }, admitted, admission),
  ];
  return { admitted, problems: withoutEchoes(problems, object) };
}

/** Rules about a value of the wrong type say nothing new: those at and below it are left out. */
function validated(
  { kind, interpreter }: KnownKind,
  value: unknown,
  admission: readonly FieldProblem[],
): FieldProblem[] {
  const mistyped = admission.filter(({ reason }) => reason === 'FieldValueTypeInvalid');
  try {
    return interpreter
      .validate(kind.schema, value)
      .filter(({ field }) => !mistyped.some((each) => isWithin(field, each.field)));
  } catch (error) {
    if (mistyped.length > 0) return [];
    throw error;
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
