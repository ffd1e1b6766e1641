import { Claims } from './claims.ts';
import type { ModelChange, RuleModel, ServicePortRules } from './model/index.ts';

/** What a change does to rules that are lines, each of which stands for itself. */
export interface LineChange {
  readonly gone: readonly string[];
  readonly come: readonly string[];
}

/** Names a service port among all of a model. */
export const ownerOf = ({ name, protocol }: ServicePortRules): string => `${name}/${protocol}`;

export interface LineRulesOptions {
  /** The lines that a service port wants. */
  linesOf(port: ServicePortRules, model: RuleModel): readonly string[];
  /** The part of a line of which there can be but one: what it matches, without what it does then. */
  placeOf(line: string): string;
  /** Is told which ports are there no more. */
  forget(owner: string): void;
}

/**
 * Rules of modes whose text is a set of lines, in any order. Where several ports want the same place, the first by name has
 * it.
 */
export class LineRules {
  readonly #lines = new Map<string, readonly string[]>();
  readonly #claims = new Claims<string>();
  readonly #options: LineRulesOptions;
  #model: RuleModel;

  constructor(model: RuleModel, options: LineRulesOptions) {
    this.#model = model;
    this.#options = options;
    for (const { ports } of model.services.values()) for (const port of ports) this.#put(port);
  }

  /** All lines, in the order of the services. */
  all(): string[] {
    const lines = new Set<string>();
    for (const { ports } of this.#model.services.values())
      for (const port of ports)
        for (const line of this.#lines.get(ownerOf(port))!)
          if (this.#claims.get(this.#options.placeOf(line)) === line) lines.add(line);
    return [...lines];
  }

  update({ before, after, services, whole }: ModelChange): LineChange {
    this.#model = after;
    const touched = new Map<string, string | undefined>();
    const touch = (owner: string): void => {
      for (const line of this.#lines.get(owner) ?? []) {
        const place = this.#options.placeOf(line);
        if (!touched.has(place)) touched.set(place, this.#claims.get(place));
      }
    };
    const come: ServicePortRules[] = [];
    const gone = new Set<string>();
    for (const key of whole ? [...before.services.keys(), ...after.services.keys()] : services) {
      const was = before.services.get(key)?.ports ?? [];
      const is = after.services.get(key)?.ports ?? [];
      for (const port of was) if (whole || !is.includes(port)) gone.add(ownerOf(port));
      for (const port of is) if (whole || !was.includes(port)) come.push(port);
    }
    for (const owner of gone) touch(owner);
    for (const owner of gone) this.#drop(owner);
    const names = new Set(come.map(ownerOf));
    for (const owner of gone) if (!names.has(owner)) this.#options.forget(owner);
    for (const port of come) {
      for (const line of this.#options.linesOf(port, after)) {
        const place = this.#options.placeOf(line);
        if (!touched.has(place)) touched.set(place, this.#claims.get(place));
      }
      this.#put(port);
    }
    const moved = [...touched].map(([place, old]) => [old, this.#claims.get(place)] as const);
    const changed = moved.filter(([old, now]) => old !== now);
    return {
      gone: changed.flatMap(([old]) => (old === undefined ? [] : [old])),
      come: changed.flatMap(([, now]) => (now === undefined ? [] : [now])),
    };
  }

  #put(port: ServicePortRules): void {
    const owner = ownerOf(port);
    const lines = this.#options.linesOf(port, this.#model);
    this.#lines.set(owner, lines);
    for (const line of lines) this.#claims.put(owner, this.#options.placeOf(line), line);
  }

  #drop(owner: string): void {
    for (const line of this.#lines.get(owner) ?? [])
      this.#claims.drop(owner, this.#options.placeOf(line));
    this.#lines.delete(owner);
  }
}
