import { parseDuration } from '../../base/index.ts';

/** A fault that is written wrong, or that this cluster cannot have. `help` says what would be right. */
export class FaultError extends Error {
  override readonly name = 'FaultError';
  readonly help: string | undefined;

  constructor(message: string, help?: string) {
    super(message);
    this.help = help;
  }
}

/** Reads what stands after the `=` of a fault: a target, and options as `,name=value`. */
export class FormReader {
  readonly target: string;
  readonly #form: string;
  readonly #options: Map<string, string>;

  constructor(form: string, text: string) {
    const [target = '', ...options] = text.split(',');
    this.target = target;
    this.#form = form;
    this.#options = new Map();
    for (const option of options) {
      const at = option.indexOf('=');
      if (at <= 0) this.fail(`${JSON.stringify(option)} is no option: write name=value`);
      const name = option.slice(0, at);
      if (this.#options.has(name)) this.fail(`${name} is given twice`);
      this.#options.set(name, option.slice(at + 1));
    }
  }

  fail(message: string): never {
    throw new FaultError(message, `write ${this.#form}`);
  }

  /** The target as a name: letters, digits, `-`, `.` and `*`. */
  name(what: string): string {
    return this.#name(this.target, what);
  }

  text(option: string): string | undefined {
    const value = this.#options.get(option);
    this.#options.delete(option);
    if (value === '') this.fail(`${option} is empty`);
    return value;
  }

  /** A name or pattern. */
  named(option: string): string | undefined {
    const value = this.text(option);
    return value === undefined ? undefined : this.#name(value, option);
  }

  duration(option: string): string | undefined {
    const value = this.text(option);
    if (value !== undefined && parseDuration(value) === undefined)
      this.fail(`${option} is no duration: ${JSON.stringify(value)}; write 90s, 10m or 1h30m`);
    return value;
  }

  /** 0.25 for `25%` and for `0.25`. */
  share(option: string, text = this.text(option)): number | undefined {
    if (text === undefined) return undefined;
    const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
    if (text === '' || text === '%' || !(value >= 0 && value <= 1))
      this.fail(`${option} is no share: ${JSON.stringify(text)}; write 25% or 0.25`);
    return value;
  }

  count(option: string): number | undefined {
    const value = this.text(option);
    if (value !== undefined && !/^\d{1,9}$/.test(value))
      this.fail(`${option} is no whole number: ${JSON.stringify(value)}`);
    return value === undefined ? undefined : Number(value);
  }

  oneOf<const T extends string>(option: string, choices: readonly T[], text = this.text(option)) {
    if (text === undefined) return undefined;
    const found = choices.find((each) => each.toLowerCase() === text.toLowerCase());
    if (found === undefined)
      this.fail(`${option} must be one of ${choices.join(', ')}; got ${JSON.stringify(text)}`);
    return found;
  }

  /** To be called last: complains of options that nobody asked for. */
  done(): void {
    const [unknown] = this.#options.keys();
    if (unknown !== undefined) this.fail(`there is no option ${unknown}`);
  }

  #name(text: string, what: string): string {
    if (text === '') this.fail(`the name of the ${what} is missing`);
    if (!/^[A-Za-z0-9*]([A-Za-z0-9._*-]*[A-Za-z0-9*])?$/.test(text))
      this.fail(`${JSON.stringify(text)} is no name of a ${what}`);
    return text;
  }
}

/** `25%` for 0.25: the shortest form that is read as the same number. */
export function shareText(share: number): string {
  const percent = `${Math.round(share * 1e6) / 1e4}%`;
  return Number(percent.slice(0, -1)) / 100 === share ? percent : String(share);
}

/** `,name=value` for each option that has a value. */
export function optionsText(
  options: Readonly<Record<string, string | number | undefined>>,
): string {
  return Object.entries(options)
    .map(([name, value]) => (value === undefined ? '' : `,${name}=${value}`))
    .join('');
}

export interface PlaceForm {
  readonly node?: string;
  readonly zone?: string;
}

/** `n1` for a node, `zone:b` for a zone. */
export function readPlace(reader: FormReader, text: string): PlaceForm {
  if (!text.startsWith('zone:')) return { node: named(reader, text, 'node') };
  return { zone: named(reader, text.slice('zone:'.length), 'zone') };
}

/** The option `on`: a place, or everywhere. */
export function readOn(reader: FormReader): PlaceForm {
  const text = reader.text('on');
  return text === undefined ? {} : readPlace(reader, text);
}

export function placeText({ node, zone }: PlaceForm): string {
  return node ?? (zone === undefined ? '*' : `zone:${zone}`);
}

export function onText(place: PlaceForm): string | undefined {
  return place.node === undefined && place.zone === undefined ? undefined : placeText(place);
}

function named(reader: FormReader, text: string, what: string): string {
  if (text !== '' && /^[A-Za-z0-9._*-]+$/.test(text)) return text;
  return reader.fail(`${JSON.stringify(text)} is no name of a ${what}`);
}
