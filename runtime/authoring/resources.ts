import {
  type FieldProblem,
  FORMAT_CHECKS,
  forbidden,
  type Interpreter,
  invalid,
  type KindDescriptor,
  required,
} from '../../generator/model/index.ts';
import { type KubeObject, keyOf, type ObjectMeta } from '../meta/index.ts';
import type { Finding, ManifestResource, SourceRange } from './contract.ts';
import { exportSite } from './evaluation-findings.ts';
import { absentPart, parentPath } from './field-path.ts';
import { finding } from './findings.ts';
import type { PreparedJob } from './job.ts';
import type { Kinds } from './kinds.ts';
import { type Located, Positions } from './positions.ts';
import type { EvaluationResult, ExportedResource } from './protocol.ts';
import { valueAtPath, wordProblem } from './schema-findings.ts';

const DEFAULT_NAMESPACE = 'default';

/** A finding about a resource, and the places at which the compiler would report the same mistake. */
export interface PlacedFinding {
  readonly finding: Finding;
  readonly places: readonly string[];
}

export const placeKey = ({ file, line, column }: SourceRange): string =>
  `${file}:${line}:${column}`;

/** A resource with all that is known of where its fields are written. */
export class LocatedResource implements ManifestResource {
  readonly object: KubeObject;
  readonly ref: ManifestResource['ref'];
  readonly range: SourceRange;
  readonly kind: KindDescriptor;
  readonly positions: Positions;

  constructor(object: KubeObject, kind: KindDescriptor, range: SourceRange, positions: Positions) {
    this.object = object;
    this.kind = kind;
    this.range = range;
    this.positions = positions;
    const { group, version, plural, namespaced } = kind;
    this.ref = { group, version, resource: plural, kind: kind.kind, namespaced };
  }

  get key(): string {
    return keyOf(this.object);
  }

  /** `shop › Deployment/web` */
  get label(): string {
    return labelOf(this.object);
  }

  rangeOf(fieldPath: string): SourceRange {
    return this.locate(fieldPath).value;
  }

  locate(fieldPath: string): Located {
    return this.positions.locate(this.object, fieldPath, this.range);
  }
}

export interface Assembled {
  readonly resources: readonly LocatedResource[];
  readonly findings: readonly PlacedFinding[];
}

/** Holds what manifests export against the schemas, and makes resources of it. */
export class Assembly {
  readonly #job: PreparedJob;
  readonly #kinds: Kinds;
  readonly #interpreter: Interpreter;
  readonly #positions: Positions;
  readonly #resources: LocatedResource[] = [];
  readonly #findings: PlacedFinding[] = [];
  readonly #byIdentity = new Map<string, LocatedResource>();

  constructor(job: PreparedJob, result: EvaluationResult, kinds: Kinds) {
    this.#job = job;
    this.#kinds = kinds;
    this.#interpreter = kinds.interpreter;
    this.#positions = new Positions(job, result);
  }

  add(exported: ExportedResource): void {
    const { object, unwritable } = exported;
    const range = this.#rangeOfExport(exported);
    const { apiVersion, kind, metadata } = object as Partial<KubeObject>;
    const descriptor = this.#kinds.find(String(apiVersion), String(kind));
    if (!descriptor) this.#noteUnknownKind(object as KubeObject, range);
    else if (isObject(metadata)) {
      const own = this.#inNamespace(object as KubeObject, descriptor);
      this.#addKnown(this.#located(own, descriptor, range));
      this.#noteUnwritable(own, unwritable, range);
    } else
      this.#noteProblem(required('metadata'), this.#located(object, descriptor, range), object);
  }

  result(): Assembled {
    return { resources: this.#resources, findings: this.#findings };
  }

  #noteUnwritable(
    object: KubeObject,
    unwritable: ExportedResource['unwritable'],
    range: SourceRange,
  ): void {
    for (const { field, what } of unwritable) {
      const place = this.#positions.locate(object, field, range);
      const message = `\`${field}\` is ${what}, which JSON cannot hold`;
      this.#note('E_MANIFEST_JSON', message, { object, field, place });
    }
  }

  #addKnown(resource: LocatedResource): void {
    const { kind } = resource;
    const problems = [...metadataProblems(resource.object.metadata, kind)];
    const { value, problems: admission } = this.#interpreter.admit(kind.schema, resource.object);
    problems.push(...admission, ...this.#validate(kind, value, admission));
    for (const problem of withoutEchoes(problems, resource.object))
      this.#noteProblem(problem, resource, value);
    this.#resources.push(resource);
    this.#noteIfDuplicate(resource);
  }

  #located(object: object, kind: KindDescriptor, range: SourceRange): LocatedResource {
    return new LocatedResource(object as KubeObject, kind, range, this.#positions);
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

  #inNamespace(object: KubeObject, { namespaced }: KindDescriptor): KubeObject {
    if (!namespaced || object.metadata.namespace) return object;
    const metadata: ObjectMeta = { ...object.metadata, namespace: DEFAULT_NAMESPACE };
    const copy = { ...object, metadata };
    this.#positions.inherit(metadata, object.metadata);
    this.#positions.inherit(copy, object);
    return copy;
  }

  #rangeOfExport({ file, name, site }: ExportedResource): SourceRange {
    const number = site ?? exportSite(this.#job, file, name);
    if (number !== undefined) return this.#job.site(number);
    return { file, line: 1, column: 1, endLine: 1, endColumn: 2 };
  }

  #noteIfDuplicate(resource: LocatedResource): void {
    const { name } = resource.object.metadata;
    if (!name) return;
    const identity = `${resource.kind.group}/${resource.kind.kind}/${resource.key}`;
    const first = this.#byIdentity.get(identity);
    if (!first) {
      this.#byIdentity.set(identity, resource);
      return;
    }
    const place = resource.locate('metadata.name');
    const other = placeKey(first.locate('metadata.name').value);
    const where = other === placeKey(place.value) ? 'more than once here' : `here and at ${other}`;
    const message = `${resource.kind.kind}/${name} is made ${where}`;
    this.#note('E_MANIFEST_DUPLICATE', message, { object: resource.object, place });
  }

  #noteUnknownKind(object: KubeObject, range: SourceRange): void {
    const { message, help, field } = this.#kinds.explainUnknown(object.apiVersion, object.kind);
    const place = this.#positions.locate(object, field, range);
    this.#note('E_MANIFEST_KIND', message, { object, field, place, ...(help ? { help } : {}) });
  }

  #noteProblem(problem: FieldProblem, resource: LocatedResource, admitted: unknown): void {
    const { kind } = resource;
    const { object } = resource;
    // Admission takes empty values out: what is there as written comes first.
    const written = valueAtPath(object, problem.field) === undefined ? admitted : object;
    const worded = wordProblem(problem, kind, written, this.#interpreter);
    const { code, message, fieldPath: field, help, isAboutName: named } = worded;
    const place = resource.locate(field);
    const isAbsent = problem.reason === 'FieldValueRequired' && !place.isExact;
    const parents = isAbsent ? this.#placesAbove(resource, field) : [];
    this.#note(code, message, { object, field, place, help, parents, named });
  }

  /** The compiler reports an absent field at the value, or the name, of something around it. */
  #placesAbove(resource: LocatedResource, field: string): SourceRange[] {
    const site = this.#positions.siteOf(resource.object);
    const init = site === undefined ? undefined : this.#positions.initOf(site);
    const places = init ? [resource.range, init] : [resource.range];
    for (let path = parentPath(field); path !== ''; path = parentPath(path)) {
      const { name, value } = resource.locate(path);
      places.push(name, value);
    }
    return places;
  }

  #note(
    code: Parameters<typeof finding>[0],
    message: string,
    about: {
      readonly object: object;
      readonly place: Located;
      readonly field?: string;
      readonly help?: string;
      readonly parents?: readonly SourceRange[];
      readonly named?: boolean;
    },
  ): void {
    const { place, field, help, parents = [], named = false } = about;
    this.#findings.push({
      finding: finding(code, message, {
        object: labelOf(about.object as KubeObject),
        range: named ? place.name : place.value,
        ...(field === undefined ? {} : { fieldPath: field }),
        ...(help === undefined ? {} : { help }),
      }),
      places: [place.name, place.value, ...parents].map(placeKey),
    });
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

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

const isWithin = (field: string, parent: string): boolean =>
  field === parent || field.startsWith(`${parent}.`) || field.startsWith(`${parent}[`);

/** `shop › Deployment/web`; without the namespace where there is none. */
export function labelOf({ kind, metadata }: Partial<KubeObject>): string {
  const { name, generateName, namespace } = (metadata ?? {}) as ObjectMeta;
  const own = name ?? (generateName ? `${generateName}…` : '(no name)');
  return namespace ? `${namespace} › ${kind}/${own}` : `${kind}/${own}`;
}

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
