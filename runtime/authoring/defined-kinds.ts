import type {
  CustomResourceDefinition,
  CustomResourceDefinitionVersion,
} from '../../generated/apiextensions/v1/types.ts';
import { schemaSet } from '../../generated/registry.ts';
import {
  compileStructural,
  type FieldProblem,
  type JsonSchema,
} from '../../generator/model/index.ts';
import { customKind, type KubeObject } from '../meta/index.ts';
import { typeProblems } from './definition-types.ts';
import { Kinds, type KnownKind } from './kinds.ts';
import { kinds } from './served-kinds.ts';
import type { Verdicts } from './verdicts.ts';

const ANYTHING: JsonSchema = { type: 'object' };

/**
 * The kinds of a folder of manifests: the built-in ones, and those that its CustomResourceDefinitions add. Those of a definition stay
 * the same until its text changes.
 */
export class DefinedKinds {
  #last = new Map<string, readonly KnownKind[]>();
  #kinds = kinds();

  /** `objects` are all that manifests give; a definition with mistakes adds nothing. */
  of(objects: readonly object[], verdicts: Verdicts): FolderKinds {
    const definitions = objects.filter(isDefinition);
    const problems = new Map<object, readonly FieldProblem[]>();
    for (const each of definitions) problems.set(each, problemsIn(each));
    const sound = definitions.filter(
      (each) => problems.get(each)!.length === 0 && isSound(each, verdicts),
    );
    const next = new Map<string, readonly KnownKind[]>();
    for (const each of sound) {
      const text = JSON.stringify(each);
      next.set(text, this.#last.get(text) ?? kindsOf(each));
    }
    const isSame =
      next.size === this.#last.size && [...next.keys()].every((k) => this.#last.has(k));
    if (!isSame) this.#kinds = next.size === 0 ? kinds() : withKinds([...next.values()].flat());
    this.#last = next;
    const broken = definitions.filter((each) => !sound.includes(each));
    return {
      kinds: this.#kinds,
      problemsOf: (object) => problems.get(object) ?? [],
      isBroken: (object) => broken.some((each) => defines(each, object)),
    };
  }
}

export interface FolderKinds {
  readonly kinds: Kinds;
  /** Of a definition, beside what the schema of definitions says. */
  problemsOf(object: object): readonly FieldProblem[];
  /** The object is of a kind whose definition has mistakes, so that nothing can be said of it. */
  isBroken(object: Partial<KubeObject>): boolean;
}

const DEFINITION = ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'] as const;

type Definition = CustomResourceDefinition & KubeObject;

function isDefinition(object: object): object is Definition {
  const { apiVersion, kind, metadata } = object as Partial<KubeObject>;
  return apiVersion === DEFINITION[0] && kind === DEFINITION[1] && typeof metadata === 'object';
}

function problemsIn({ spec }: Definition): FieldProblem[] {
  const versions: unknown = spec?.versions;
  if (!Array.isArray(versions)) return [];
  return (versions as readonly CustomResourceDefinitionVersion[]).flatMap((version, index) => {
    const schema = version?.schema?.openAPIV3Schema;
    const at = `spec.versions[${index}].schema.openAPIV3Schema`;
    return schema && typeof schema === 'object' ? typeProblems(schema, at) : [];
  });
}

function isSound(definition: Definition, verdicts: Verdicts): boolean {
  const kind = kinds().find(...DEFINITION)!;
  const { names, group, versions } = definition.spec ?? {};
  const { problems } = verdicts.judge({ kind, interpreter: kinds().interpreter }, definition);
  return problems.length === 0 && !!names?.kind && !!names.plural && !!group && !!versions?.length;
}

function kindsOf(definition: Definition): KnownKind[] {
  const { versions = [] } = definition.spec ?? {};
  const { status: _, ...written } = definition;
  return versions
    .filter(({ served }) => served)
    .map((version) => {
      const json = (version.schema?.openAPIV3Schema as JsonSchema | undefined) ?? ANYTHING;
      const interpreter = compileStructural(json, kinds().interpreter);
      return { kind: customKind(written, version), interpreter };
    });
}

function withKinds(added: readonly KnownKind[]): Kinds {
  return new Kinds(schemaSet, kinds().interpreter, added);
}

function defines({ spec }: Definition, { apiVersion = '', kind }: Partial<KubeObject>): boolean {
  return spec?.names?.kind === kind && String(apiVersion).startsWith(`${spec?.group}/`);
}
