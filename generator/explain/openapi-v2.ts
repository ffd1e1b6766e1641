import { scalarName, scalarText } from '../model/scalars.ts';
import { noSuchField } from './explain-error.ts';
import {
  definitionPlace,
  type ExplainRequest,
  elementOf,
  type Place,
  propertiesOf,
  propertyOf,
  targetOf,
} from './place.ts';
import { reflow } from './wrap.ts';

const WIDTH = 80;
const TEXT_MARGIN = 5;
const FIELD_MARGIN = 3;

/** The layout of kubectl before 1.27, which reads OpenAPI v2 documents. */
export function openApiV2Text(request: ExplainRequest): string {
  return new OpenApiV2(request).text();
}

class OpenApiV2 {
  readonly #request: ExplainRequest;

  constructor(request: ExplainRequest) {
    this.#request = request;
  }

  text(): string {
    const { set, kind, path } = this.#request;
    const place = this.#walk(definitionPlace(set, kind.schema), path);
    const end = this.#endOf(place);
    const groupVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
    const head = `KIND:     ${kind.kind}\nVERSION:  ${groupVersion}\n\n`;
    const description = `DESCRIPTION:\n${this.#descriptions(place)}`;
    const name = path.at(-1) ?? '';
    const type = this.#typeName(place);
    if (end.schema.properties) {
      const title = name === '' ? '' : `RESOURCE: ${name} <${type}>\n\n`;
      return `${head}${title}${description}\nFIELDS:\n${this.#fields(end)}`;
    }
    return isArbitrary(end)
      ? head + description
      : `${head}FIELD:    ${name} <${type}>\n\n${description}`;
  }

  /** Follows a path to its end, or to the first primitive on the way: what lies behind that is not looked at. */
  #walk(place: Place, path: readonly string[]): Place {
    const [name, ...rest] = path;
    if (name === undefined) return place;
    const next = elementOf(place) ?? targetOf(this.#request.set, place);
    if (next) return this.#walk(next, path);
    if (!place.schema.properties) return isBareMap(place) ? contentOf(place) : place;
    const field = propertyOf(place, name);
    if (!field) throw noSuchField(name);
    return this.#walk(field, rest);
  }

  /** What lists, maps and references lead to in the end. */
  #endOf(place: Place): Place {
    const next = elementOf(place) ?? targetOf(this.#request.set, place);
    if (next) return this.#endOf(next);
    return isBareMap(place) ? contentOf(place) : place;
  }

  /** The texts on the way to the end, apart from each other by an empty line. */
  #descriptions(place: Place): string {
    const texts = this.#textsOf(place);
    if (texts.every((text) => text === '')) return `${' '.repeat(TEXT_MARGIN)}<empty>\n`;
    return texts
      .map((text, at) => (text === '' ? '' : `${at === 0 ? '' : '\n'}${paragraph(text)}`))
      .join('');
  }

  #textsOf(place: Place): string[] {
    const { set, docs } = this.#request;
    const next = elementOf(place) ?? targetOf(set, place);
    const scalar = scalarName(place.schema);
    const own = docs[place.at] ?? '';
    return [
      own,
      ...(scalar ? [scalarText(scalar)!] : []),
      ...(next ? this.#textsOf(next) : isBareMap(place) ? [own] : []),
    ];
  }

  #fields(place: Place): string {
    if (this.#request.recursive) return this.#tree(place, 1, []);
    return propertiesOf(place)
      .map(([name, field]) => {
        const required = place.schema.required?.includes(name) ? ' -required-' : '';
        const margin = ' '.repeat(FIELD_MARGIN);
        const text = this.#request.docs[field.at];
        return `${margin}${name}\t<${this.#typeName(field)}>${required}\n${text ? paragraph(text) : ''}\n`;
      })
      .join('');
  }

  #tree(place: Place, depth: number, passed: readonly string[]): string {
    const { set, maxDepth } = this.#request;
    const { ref } = place.schema;
    if (ref !== undefined && passed.includes(ref)) return '';
    const inside = ref === undefined ? passed : [...passed, ref];
    const next = elementOf(place) ?? targetOf(set, place);
    if (next) return this.#tree(next, depth, inside);
    return propertiesOf(place)
      .map(([name, field]) => {
        const line = `${' '.repeat(FIELD_MARGIN * depth)}${name}\t<${this.#typeName(field)}>\n`;
        const stops = maxDepth > 0 && depth >= maxDepth;
        return stops ? line : line + this.#tree(field, depth + 1, inside);
      })
      .join('');
  }

  #typeName(place: Place): string {
    const { schema } = place;
    const element = elementOf(place);
    if (element) return `${schema.items ? '[]' : 'map[string]'}${this.#typeName(element)}`;
    const target = targetOf(this.#request.set, place);
    if (target) return this.#typeName(target);
    if (isBareMap(place)) return 'map[string]';
    if (schema.properties) return 'Object';
    if (isArbitrary(place)) return '';
    return scalarName(schema) ? 'string' : schema.type!;
  }
}

/** The values of a map of anything: nothing is known of them, and they have the map's text. */
const contentOf = ({ at }: Place): Place => ({ schema: {}, at });

function isArbitrary({ schema }: Place): boolean {
  return schema.type === undefined || schema.type === 'any';
}

/** An object without fields is a map of anything there. */
function isBareMap({ schema }: Place): boolean {
  return schema.type === 'object' && !schema.properties && !schema.values;
}

function paragraph(text: string): string {
  const margin = ' '.repeat(TEXT_MARGIN);
  return reflow(text, WIDTH - TEXT_MARGIN)
    .map((line) => (line === '' ? '\n' : `${margin}${line}\n`))
    .join('');
}
