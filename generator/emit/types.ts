import type { Schema, SchemaSet } from '../model/schema.ts';
import {
  docComment,
  fromLine,
  propertyKey,
  quoted,
  relativeFolder,
  splitName,
  supportModule,
} from './names.ts';

const KIND_FIELDS = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * The text of `generated/<group>/<version>/types.ts`: an interface a definition, read-only through and through, with each
 * field's text as its documentation. Root objects have apiVersion, kind and metadata always: the server sees to it.
 */
export function emitTypes(set: SchemaSet, folder: string, definitions: readonly string[]): string {
  const roots = new Set(set.kinds.map(({ schema }) => schema));
  const printer = new TypePrinter(folder, roots);
  const bodies = definitions.map((name) =>
    printer.definition(name, set.definitions[name]!, roots.has(name)),
  );
  return [...printer.imports(), '', ...bodies].join('\n');
}

class TypePrinter {
  readonly #folder: string;
  readonly #support = new Set<string>();
  readonly #foreign = new Map<string, string>();

  readonly #roots: ReadonlySet<string>;

  constructor(folder: string, roots: ReadonlySet<string>) {
    this.#folder = folder;
    this.#roots = roots;
  }

  imports(): string[] {
    const lines: string[] = [];
    const reexport: string[] = [];
    if (this.#support.size > 0) {
      const names = [...this.#support].sort().join(', ');
      lines.push(fromLine(`import type { ${names} }`, supportModule('scalars')));
      reexport.push('', `export type { ${names} };`);
    }
    for (const [folder, alias] of [...this.#foreign].sort())
      lines.push(
        fromLine(`import type * as ${alias}`, `${relativeFolder(this.#folder, folder)}/types.ts`),
      );
    return [...lines, ...reexport];
  }

  definition(name: string, schema: Schema, isRoot: boolean): string {
    const doc = docComment(schema.description, '');
    const { name: short } = splitName(name);
    if (!schema.properties) return `${doc}export type ${short} = ${this.#type(schema)};\n`;
    const fields = Object.entries(schema.properties).map(([field, value]) => {
      const required = schema.required?.includes(field) || (isRoot && KIND_FIELDS.has(field));
      return `${docComment(value.description, '  ')}  readonly ${propertyKey(field)}${required ? '' : '?'}: ${this.#type(value)};`;
    });
    return `${doc}export interface ${short} {\n${fields.join('\n')}\n}\n`;
  }

  #type(schema: Schema): string {
    if (schema.ref) return this.#reference(schema.ref);
    if (schema.enum) return schema.enum.map(quoted).join(' | ');
    switch (schema.type) {
      case 'string':
        return this.#string(schema);
      case 'integer':
      case 'number':
        return 'number';
      case 'boolean':
        return 'boolean';
      case 'intOrString':
        return this.#scalar('IntOrString');
      case 'array':
        return `readonly ${this.#element(schema.items ?? {})}[]`;
      case 'object':
        return this.#object(schema);
      default:
        return 'unknown';
    }
  }

  #element(schema: Schema): string {
    const text = this.#type(schema);
    return /[ |]/.test(text) ? `(${text})` : text;
  }

  #string(schema: Schema): string {
    if (schema.format === 'quantity') return this.#scalar('Quantity');
    if (schema.format === 'duration') return this.#scalar('Duration');
    if (schema.format === 'date-time' || schema.format === 'micro-time')
      return this.#scalar('Time');
    return 'string';
  }

  #object(schema: Schema): string {
    if (schema.values) return `{ readonly [key: string]: ${this.#type(schema.values)} }`;
    if (!schema.properties) return '{ readonly [key: string]: unknown }';
    const fields = Object.entries(schema.properties).map(
      ([field, value]) =>
        `readonly ${propertyKey(field)}${schema.required?.includes(field) ? '' : '?'}: ${this.#type(value)}`,
    );
    return `{ ${fields.join('; ')} }`;
  }

  #scalar(name: string): string {
    this.#support.add(name);
    return name;
  }

  /** Whoever writes an object inside another need not say what it is: its place does. */
  #reference(definition: string): string {
    const name = this.#name(definition);
    return this.#roots.has(definition) ? `${this.#scalar('Embedded')}<${name}>` : name;
  }

  #name(definition: string): string {
    const { folder, name } = splitName(definition);
    if (folder === this.#folder) return name;
    const alias = folder.replaceAll('/', '_');
    this.#foreign.set(folder, alias);
    return `${alias}.${name}`;
  }
}
