import { scalarName, scalarText } from '../model/scalars.ts';
import { noSuchField } from './explain-error.ts';
import {
  definitionPlace,
  type ExplainRequest,
  elementOf,
  enumOf,
  type Place,
  propertiesOf,
  propertyOf,
  targetOf,
} from './place.ts';
import { wrapWords } from './wrap.ts';

const ENUM_SHOWN_MAX = 4;

/** The layout of kubectl since 1.27, which reads OpenAPI v3 documents. */
export function plaintext(request: ExplainRequest): string {
  return new Plaintext(request).text();
}

class Plaintext {
  readonly #request: ExplainRequest;

  constructor(request: ExplainRequest) {
    this.#request = request;
  }

  text(): string {
    const { set, kind, path } = this.#request;
    const group = kind.group === '' ? '' : `GROUP:      ${kind.group}\n`;
    const root = definitionPlace(set, kind.schema);
    const found = path.reduce<{ place: Place; head: string }>(
      ({ place }, name) => {
        const field = this.#fieldBelow(place, name);
        if (!field) throw noSuchField(path.at(-1)!);
        return { place: field, head: this.#fieldHead(name, field) };
      },
      { place: root, head: '' },
    );
    const body = `${this.#description(found.place)}${this.#fields(found.place)}`;
    return `${group}KIND:       ${kind.kind}\nVERSION:    ${kind.version}\n\n${found.head}${body}\n`;
  }

  /** The field `name` of what a place holds, through references, lists and maps. */
  #fieldBelow(place: Place, name: string, passed: readonly string[] = []): Place | undefined {
    if (passed.includes(place.at)) return undefined;
    const found = propertyOf(place, name);
    if (found) return found;
    const next = elementOf(place) ?? targetOf(this.#request.set, place);
    return next && this.#fieldBelow(next, name, [...passed, place.at]);
  }

  #fieldHead(name: string, field: Place): string {
    const values = enumOf(this.#request.set, field);
    const list = values.map((value) => `\n    ${shown(value)}`).join('');
    return `FIELD: ${name} <${this.#typeName(field)}>\n${list === '' ? '' : `ENUM:${list}`}\n\n`;
  }

  #description(place: Place): string {
    const text = this.#texts(place)
      .map((each) => `${each}\n`)
      .join('');
    return `DESCRIPTION:\n${indent(wrapWords(text || '<empty>', 76), 4)}\n`;
  }

  /** The text of a place and of all that it leads to: a list of containers says what a container is. */
  #texts(place: Place): string[] {
    const { set, docs } = this.#request;
    const own = docs[place.at];
    const scalar = scalarName(place.schema);
    const next = elementOf(place) ?? targetOf(set, place);
    return [
      ...(own ? [own] : []),
      ...(scalar ? [scalarText(scalar)!] : []),
      ...(next ? this.#texts(next) : []),
    ];
  }

  #fields(place: Place): string {
    const list = this.#fieldList(place, 1, []);
    return list === '' ? '' : `FIELDS:\n${list}`;
  }

  #fieldList(place: Place, level: number, passed: readonly string[]): string {
    const { set, recursive, maxDepth } = this.#request;
    const { ref } = place.schema;
    if (ref !== undefined && passed.includes(ref)) return '';
    const inside = ref === undefined ? passed : [...passed, ref];
    const next = elementOf(place) ?? targetOf(set, place);
    if (next) return this.#fieldList(next, level, inside);
    const goesOn = recursive && (maxDepth === 0 || level < maxDepth);
    return propertiesOf(place)
      .map(([name, field]) => {
        const detail = this.#fieldDetail(place, name, field, level);
        return goesOn ? detail + this.#fieldList(field, level + 1, inside) : detail;
      })
      .join('');
  }

  #fieldDetail(parent: Place, name: string, field: Place, level: number): string {
    const { set, docs, recursive } = this.#request;
    const margin = 2 * level;
    const required = parent.schema.required?.includes(name) ? ' -required-' : '';
    const values = enumOf(set, field);
    const some = values.slice(0, ENUM_SHOWN_MAX).map(shown).join(', ');
    const more = values.length > ENUM_SHOWN_MAX ? ', ....' : '';
    const choice = values.length === 0 ? '' : `\n${' '.repeat(margin)}enum: ${some}${more}`;
    const line = `${' '.repeat(margin)}${name}\t<${this.#typeName(field)}>${required}${choice}\n`;
    if (recursive) return line;
    const text = docs[field.at] ?? '<no description>';
    return `${line}${indent(wrapWords(text, 78 - margin), margin + 2)}\n\n`;
  }

  #typeName(place: Place): string {
    const { schema } = place;
    const element = elementOf(place);
    if (element) return `${schema.items ? '[]' : 'map[string]'}${this.#typeName(element)}`;
    const target = targetOf(this.#request.set, place);
    if (target) return this.#targetName(target);
    const scalar = scalarName(schema);
    if (scalar) return scalar;
    return schema.type === undefined || schema.type === 'object' || schema.type === 'any'
      ? 'Object'
      : schema.type;
  }

  /** A definition is named where it is an object; else its type says more. */
  #targetName(target: Place): string {
    const { type } = target.schema;
    const isNamed = type === undefined || type === 'object' || type === 'any';
    return isNamed
      ? target.at.slice(target.at.indexOf('.') + 1)
      : (scalarName(target.schema) ?? type);
  }
}

const shown = (value: string): string => (value === '' ? '""' : value);

/** Every line moved to the right, an empty last one too: kubectl's pages have such a line of spaces. */
function indent(text: string, amount: number): string {
  const margin = ' '.repeat(amount);
  return `${margin}${text.replaceAll('\n', `\n${margin}`)}`;
}
