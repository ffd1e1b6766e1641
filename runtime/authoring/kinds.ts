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

/** The kinds that can be applied, with the interpreter of their schemas. */
export class Kinds {
  readonly interpreter: Interpreter;
  readonly #all: readonly KindDescriptor[];
  readonly #byName = new Map<string, KindDescriptor>();

  constructor(schemas: SchemaSet) {
    this.interpreter = compile(schemas);
    this.#all = schemas.kinds;
    for (const kind of schemas.kinds) this.#byName.set(`${apiVersionOf(kind)} ${kind.kind}`, kind);
  }

  find(apiVersion: string, kind: string): KindDescriptor | undefined {
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
    const served = this.#all.filter((each) => each.kind === kind);
    if (served.length > 0)
      return {
        field: 'apiVersion',
        message: `${kind} is not served as ${JSON.stringify(apiVersion)}`,
        help: `write ${served.map((each) => `'${apiVersionOf(each)}'`).join(' or ')}`,
      };
    const { group } = splitApiVersion(String(apiVersion));
    const near = this.#all.filter((each) => each.group === group);
    const name = String(kind);
    const meant =
      nearest(
        name,
        near.map((each) => each.kind),
      ) ??
      nearest(
        name,
        this.#all.map((each) => each.kind),
      );
    const found = this.#all.find((each) => each.kind === meant);
    return {
      field: 'kind',
      message: `there is no kind ${name} in ${JSON.stringify(apiVersion)}`,
      ...(found ? { help: `did you mean ${found.kind} of '${apiVersionOf(found)}'?` } : {}),
    };
  }
}
