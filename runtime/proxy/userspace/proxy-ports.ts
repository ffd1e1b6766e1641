/** Linux' range of ports that a socket gets which asks for none. */
const FIRST = 32_768;
const COUNT = 28_232;

/**
 * The ports that the userspace proxy would listen on, one for each service port. There the system gives any that is free;
 * here they follow from the name, so that the same services have the same rules. A port stays as long as its service port.
 */
export class ProxyPorts {
  readonly #ports = new Map<string, number>();
  readonly #taken = new Set<number>();

  /** Throws when no port is left. */
  portOf(owner: string): number {
    const known = this.#ports.get(owner);
    if (known !== undefined) return known;
    if (this.#taken.size >= COUNT) throw new Error(`no proxy port is left for ${owner}`);
    let at = hash(owner) % COUNT;
    while (this.#taken.has(FIRST + at)) at = (at + 1) % COUNT;
    this.#ports.set(owner, FIRST + at);
    this.#taken.add(FIRST + at);
    return FIRST + at;
  }

  free(owner: string): void {
    const port = this.#ports.get(owner);
    if (port === undefined) return;
    this.#ports.delete(owner);
    this.#taken.delete(port);
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++)
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
