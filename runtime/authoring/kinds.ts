import {
  compile,
  type Interpreter,
  type KindDescriptor,
  type SchemaSet,
} from '../../generator/model/index.ts';
import { splitApiVersion } from '../meta/index.ts';
import { nearest } from './suggest.ts';

const apiVersionOf = ({ group, version }: KindDescriptor): string =>
  group === '' ? version : `${group}/${version}`;

/** A kind with what can be done with its objects. */
export interface KnownKind {
  readonly kind: KindDescriptor;
  readonly interpreter: Interpreter;
}

/** The kinds that can be applied, with the interpreters of their schemas. */
export class Kinds {
  /** Of the built-in kinds. */
  readonly interpreter: Interpreter;
  readonly #all: readonly KindDescriptor[];
  readonly #byName = new Map<string, KnownKind>();

  constructor(
    schemas: SchemaSet,
    interpreter = compile(schemas),
    added: readonly KnownKind[] = [],
  ) {
    this.interpreter = interpreter;
    this.#all = [...schemas.kinds, ...added.map(({ kind }) => kind)];
    for (const kind of schemas.kinds) this.#put({ kind, interpreter });
    for (const known of added) this.#put(known);
  }

  #put(known: KnownKind): void {
    const name = `${apiVersionOf(known.kind)} ${known.kind.kind}`;
    if (!this.#byName.has(name)) this.#byName.set(name, known);
  }

  find(apiVersion: string, kind: string): KindDescriptor | undefined {
    return this.known(apiVersion, kind)?.kind;
  }

  known(apiVersion: string, kind: string): KnownKind | undefined {
    return this.#byName.get(`${apiVersion} ${kind}`);
  }

  /** `slipway/apps/v1` and its like: what manifests may import. */
  get specifiers(): string[] {
    return [...new Set(this.#all.map(({ schema }) => `slipway/${schema.split('.')[0]}`))].sort();
  }

  /** What to say of a kind that is not there, and which field is to blame. */
  explainUnknown(
    apiVersion: unknown,
    kind: unknown,
  ): { message: string; field: string; help?: string } {
    const message = `no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`;
    const { group } = splitApiVersion(String(apiVersion));
    const served = this.#all.filter((each) => each.kind === kind);
    const near = served.filter((each) => each.group === group);
    if (served.length > 0) {
      const versions = (near.length > 0 ? near : served).map((each) => `'${apiVersionOf(each)}'`);
      return { field: 'apiVersion', message, help: `write ${versions.join(' or ')}` };
    }
    const found = this.#nearest(String(kind), group);
    if (found)
      return {
        field: 'kind',
        message,
        help: `did you mean ${found.kind} of '${apiVersionOf(found)}'?`,
      };
    return group.includes('.')
      ? { field: 'kind', message, help: UNDEFINED }
      : { field: 'kind', message };
  }

  #nearest(name: string, group: string): KindDescriptor | undefined {
    const own = this.#all.filter((each) => each.group === group);
    for (const kinds of [own, this.#all]) {
      const meant = nearest(
        name,
        kinds.map((each) => each.kind),
      );
      if (meant) return kinds.find((each) => each.kind === meant);
    }
    return undefined;
  }
}

const UNDEFINED =
  'export its CustomResourceDefinition from a manifest of the same folder, or check apiVersion and kind';
