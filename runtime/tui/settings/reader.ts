import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { SettingsError } from './settings.ts';

/** A value of a YAML file that knows where it stands. Whoever asks it for what it is not throws a `SettingsError`. */
export class Value {
  readonly #node: Node | null;
  readonly #source: Source;
  readonly #name: string;
  readonly #at: number;

  constructor(node: Node | null, source: Source, name: string, at = 0) {
    this.#node = node;
    this.#source = source;
    this.#name = name;
    this.#at = node?.range?.[0] ?? at;
  }

  /** What is not there, or is left empty. */
  get isAbsent(): boolean {
    return this.#node === null || (isScalar(this.#node) && this.#node.value === null);
  }

  text(otherwise?: string): string {
    if (this.isAbsent && otherwise !== undefined) return otherwise;
    const value = isScalar(this.#node) ? this.#node.value : undefined;
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    throw this.wrong('must be a text');
  }

  flag(): boolean {
    if (this.isAbsent) return false;
    const value = isScalar(this.#node) ? this.#node.value : undefined;
    if (typeof value === 'boolean') return value;
    throw this.wrong('must be true or false');
  }

  list(): readonly Value[] {
    if (this.isAbsent) return [];
    if (!isSeq(this.#node)) throw this.wrong('must be a list');
    return this.#node.items.map(
      (item, at) => new Value(item as Node, this.#source, `${this.#name}[${at}]`, this.#at),
    );
  }

  entries(): readonly (readonly [name: string, value: Value])[] {
    if (this.isAbsent) return [];
    if (!isMap(this.#node)) throw this.wrong('must have fields');
    return this.#node.items.map(({ key, value }) => {
      const name = String((key as { value?: unknown }).value ?? key);
      const at = (key as Node).range?.[0] ?? this.#at;
      return [name, new Value((value as Node | null) ?? null, this.#source, name, at)];
    });
  }

  /** The fields that it may have, each absent where it is not there. */
  fields<K extends string>(...known: readonly K[]): Readonly<Record<K, Value>> {
    const found = new Map(this.entries());
    for (const [name, value] of found)
      if (!known.includes(name as K))
        throw value.wrong(`is no field here: there are ${known.join(', ')}`);
    const absent = (name: string): Value => new Value(null, this.#source, name, this.#at);
    const all = known.map((name) => [name, found.get(name) ?? absent(name)] as const);
    return Object.fromEntries(all) as Record<K, Value>;
  }

  wrong(why: string): SettingsError {
    const { file, lines } = this.#source;
    return new SettingsError(file, lines.linePos(this.#at).line || 1, `${this.#name} ${why}`);
  }
}

interface Source {
  readonly file: string;
  readonly lines: LineCounter;
}

/** What a file says. Throws a `SettingsError` where it is no YAML. */
export function readYaml(file: string, text: string): Value {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [error] = document.errors;
  if (error) {
    const [why = error.message] = error.message.split(/ at line \d|\n/);
    throw new SettingsError(file, lines.linePos(error.pos[0]).line, why);
  }
  return new Value(document.contents as Node | null, { file, lines }, 'the file');
}
