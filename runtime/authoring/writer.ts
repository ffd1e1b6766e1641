import type { Origins } from './origins.ts';
import type { Origin } from './protocol.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Unwritable {
  readonly field: string;
  readonly what: string;
}

const DEPTH_MAX = 200;
const OPAQUE = [Map, Set, WeakMap, WeakSet, RegExp, Error, ArrayBuffer, Promise];

/**
 * Turns values of manifests into plain JSON, as `JSON.stringify` would, but says what it cannot write. What was shared stays
 * shared, so that a thousand pods of one template cross to the host as one.
 */
export class Writer {
  readonly objects: object[] = [];
  readonly origins: Origin[] = [];
  readonly #origins: Origins;
  readonly #written = new Map<object, Json>();
  readonly #open = new Set<object>();
  #unwritable: Unwritable[] = [];

  constructor(origins: Origins) {
    this.#origins = origins;
  }

  write(value: object): { object: object; unwritable: readonly Unwritable[] } {
    this.#unwritable = [];
    this.#open.clear();
    const object = this.#json(value, '') as object;
    return { object, unwritable: this.#unwritable };
  }

  #json(value: unknown, path: string): Json | undefined {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        return Number.isFinite(value) ? value : this.#refuse(path, String(value));
      case 'object':
        return value === null ? null : this.#structure(value, path);
      case 'undefined':
        return undefined;
      case 'function':
        return this.#refuse(path, value.name ? `the function ${value.name}` : 'a function');
      default:
        return this.#refuse(path, `a ${typeof value}`);
    }
  }

  #structure(value: object, path: string): Json | undefined {
    const known = this.#written.get(value);
    if (known !== undefined) return known;
    if (this.#open.has(value)) return this.#refuse(path, 'a value that contains itself');
    if (this.#open.size > DEPTH_MAX) return this.#refuse(path, 'a value nested too deep');
    if (value instanceof Date && Number.isNaN(value.getTime()))
      return this.#refuse(path, 'an invalid date');
    const opaque = OPAQUE.find((type) => value instanceof type);
    if (opaque) return this.#refuse(path, `a ${opaque.name}`);
    const before = this.#unwritable.length;
    this.#open.add(value);
    const { toJSON } = value as { toJSON?: unknown };
    const json =
      typeof toJSON === 'function'
        ? this.#json(toJSON.call(value, ''), path)
        : Array.isArray(value)
          ? this.#list(value, path)
          : this.#fields(value, path);
    this.#open.delete(value);
    if (json !== undefined && this.#unwritable.length === before) this.#written.set(value, json);
    return json;
  }

  #list(value: readonly unknown[], path: string): Json[] {
    const json = Array.from(value, (each, at) => this.#json(each, `${path}[${at}]`) ?? null);
    this.#noteOrigin(value, json, Object.keys(json));
    return json;
  }

  #fields(value: object, path: string): Json {
    const json: { [key: string]: Json } = {};
    for (const [key, each] of Object.entries(value)) {
      const written = this.#json(each, path === '' ? key : `${path}.${key}`);
      if (written === undefined) continue;
      if (key === '__proto__') Object.defineProperty(json, key, { value: written });
      else json[key] = written;
    }
    this.#noteOrigin(value, json, Object.keys(json));
    return json;
  }

  #noteOrigin(value: object, json: object, keys: readonly string[]): void {
    const origin = this.#origins.originOf(value, keys);
    if (origin === undefined) return;
    this.objects.push(json);
    this.origins.push(origin);
  }

  #refuse(field: string, what: string): undefined {
    this.#unwritable.push({ field, what });
  }
}
