import { type FieldProblem, type KindDescriptor, required } from '../../generator/model/index.ts';
import type { KubeObject, ObjectMeta } from '../meta/index.ts';
import type { Finding, Related, SourceRange } from './contract.ts';
import type { FolderKinds } from './defined-kinds.ts';
import { exportSite } from './evaluation-findings.ts';
import { parentPath } from './field-path.ts';
import { finding } from './findings.ts';
import type { PreparedJob } from './job.ts';
import type { KnownKind } from './kinds.ts';
import { LocatedResource, labelOf } from './located-resource.ts';
import { type Located, Positions } from './positions.ts';
import type { EvaluationResult, ExportedResource } from './protocol.ts';
import { valueAtPath, wordProblem } from './schema-findings.ts';
import type { Verdicts } from './verdicts.ts';

const DEFAULT_NAMESPACE = 'default';

/** A finding about a resource, and the places at which the compiler would report the same mistake. */
export interface PlacedFinding {
  readonly finding: Finding;
  readonly places: readonly string[];
}

export const placeKey = ({ file, line, column }: SourceRange): string =>
  `${file}:${line}:${column}`;

export interface Assembled {
  readonly resources: readonly LocatedResource[];
  readonly findings: readonly PlacedFinding[];
}

/** Holds what manifests export against the schemas, and makes resources of it. */
export class Assembly {
  readonly #job: PreparedJob;
  readonly #kinds: FolderKinds;
  readonly #verdicts: Verdicts;
  readonly #positions: Positions;
  readonly #resources: LocatedResource[] = [];
  readonly #findings: PlacedFinding[] = [];
  readonly #byIdentity = new Map<string, LocatedResource>();

  constructor(job: PreparedJob, result: EvaluationResult, kinds: FolderKinds, verdicts: Verdicts) {
    this.#job = job;
    this.#kinds = kinds;
    this.#verdicts = verdicts;
    this.#positions = new Positions(job, result);
  }

  add(exported: ExportedResource): void {
    const { object, unwritable } = exported;
    const range = this.#rangeOfExport(exported);
    const { apiVersion, kind, metadata } = object as Partial<KubeObject>;
    if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
      this.#noteMissingHead(object as Partial<KubeObject>, range);
      return;
    }
    const known = this.#kinds.kinds.known(apiVersion, kind);
    if (!known) this.#noteUnknownKind(object as KubeObject, range);
    else if (isObject(metadata)) {
      const own = this.#inNamespace(object as KubeObject, known.kind);
      this.#addKnown(this.#located(own, known, range));
      this.#noteUnwritable(own, unwritable, range);
    } else this.#noteProblem(required('metadata'), this.#located(object, known, range), object);
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
    const { admitted, problems } = this.#verdicts.judge(resource, resource.object);
    const more = this.#kinds.problemsOf(resource.object);
    for (const problem of [...problems, ...more]) this.#noteProblem(problem, resource, admitted);
    this.#resources.push(resource);
    this.#noteIfDuplicate(resource);
  }

  #located(object: object, known: KnownKind, range: SourceRange): LocatedResource {
    return new LocatedResource(object as KubeObject, known, range, this.#positions);
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
    const range = first.locate('metadata.name').value;
    const isHere = placeKey(range) === placeKey(place.value);
    const message = `${resource.kind.kind}/${name} is made more than once${isHere ? ' here' : ''}`;
    const related = isHere ? [] : [{ message: 'it is made first', range }];
    this.#note('E_MANIFEST_DUPLICATE', message, { object: resource.object, place, related });
  }

  #noteMissingHead(object: Partial<KubeObject>, range: SourceRange): void {
    const field = typeof object.apiVersion === 'string' ? 'kind' : 'apiVersion';
    const place = this.#positions.locate(object, field, range);
    const what =
      field in object ? 'must be a string' : `is required in ${object.kind ?? 'an object'}`;
    const code = field in object ? 'E_MANIFEST_TYPE' : 'E_MANIFEST_REQUIRED';
    this.#note(code, `\`${field}\` ${what}`, { object, field, place });
  }

  #noteUnknownKind(object: KubeObject, range: SourceRange): void {
    if (this.#kinds.isBroken(object)) return;
    const { kinds } = this.#kinds;
    const { message, help, field } = kinds.explainUnknown(object.apiVersion, object.kind);
    const place = this.#positions.locate(object, field, range);
    this.#note('E_MANIFEST_KIND', message, { object, field, place, ...(help ? { help } : {}) });
  }

  #noteProblem(problem: FieldProblem, resource: LocatedResource, admitted: unknown): void {
    const { kind, interpreter, object } = resource;
    // Admission takes empty values out: what is there as written comes first.
    const written = valueAtPath(object, problem.field) === undefined ? admitted : object;
    const worded = wordProblem(problem, kind, written, interpreter);
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
      readonly related?: readonly Related[];
    },
  ): void {
    const { place, field, help, parents = [], named = false, related = [] } = about;
    this.#findings.push({
      finding: finding(code, message, {
        object: labelOf(about.object as KubeObject),
        range: named ? place.name : this.#positions.writtenAt(place),
        ...(field === undefined ? {} : { fieldPath: field }),
        ...(help === undefined ? {} : { help }),
        ...(related.length === 0 ? {} : { related }),
      }),
      places: [place.name, place.value, ...parents].map(placeKey),
    });
  }
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
