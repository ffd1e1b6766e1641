import { limits } from '../base/index.ts';
import { type ApiRequest, type ApiResponse, type KubeObject, resourceId } from '../meta/index.ts';
import type { Transport } from './transport.ts';

/** A write whose outcome its writer does not see yet. */
interface Unseen {
  readonly resource: string;
  readonly key: string;
  readonly version: number;
  /** From when on it is not waited for any more. */
  readonly untilMs: number;
}

/** What a controller sees of the resources that it watches. */
export interface Sight {
  /** Version of an object, as its lister has it; 0 for none. Undefined for a resource that the controller does not watch. */
  versionOf(resource: string, key: string): number | undefined;
  /** The newest revision that a watch has told. */
  told(resource: string): number;
}

const WRITES: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete']);

/**
 * What a controller has written and does not see yet, by the key that it wrote for. Whoever decides anew before he sees what he did, does
 * it twice: so the loop leaves such a key alone. Where listers read the server's own indexes nothing is ever in here.
 */
export class OwnWrites {
  readonly #unseen: Map<string, readonly Unseen[]>;
  #fresh: { resource: string; key: string; version: number }[] = [];

  constructor(from?: OwnWrites) {
    this.#unseen = new Map(from ? from.#unseen : []);
  }

  clone(): OwnWrites {
    return new OwnWrites(this);
  }

  /** A transport that notes what is written through it. */
  noting(transport: Transport): Transport {
    return {
      ...transport,
      request: (request) => {
        const answer = transport.request(request);
        if (!WRITES.has(request.verb)) return answer;
        if (answer instanceof Promise)
          return answer.then((late) => {
            this.#note(request, late);
            return late;
          });
        this.#note(request, answer);
        return answer;
      },
    };
  }

  /** The work for `key` is over: of what was noted, keeps what is not seen. */
  settle(key: string, sight: Sight, nowMs: number): void {
    if (this.#fresh.length === 0) return;
    const fresh = this.#fresh;
    this.#fresh = [];
    const unseen = fresh
      .filter((each) => !isSeen(each, sight))
      .map((each): Unseen => ({ ...each, untilMs: nowMs + limits.ownWriteUnseenMs }));
    if (unseen.length > 0) this.#unseen.set(key, [...(this.#unseen.get(key) ?? []), ...unseen]);
  }

  /** Whether all that was written for `key` is seen, or has been waited for long enough. */
  isSeen(key: string, sight: Sight, nowMs: number): boolean {
    const before = this.#unseen.get(key);
    if (before === undefined) return true;
    const left = before.filter((each) => each.untilMs > nowMs && !isSeen(each, sight));
    if (left.length > 0) this.#unseen.set(key, left);
    else this.#unseen.delete(key);
    return left.length === 0;
  }

  #note({ resource, options }: ApiRequest, { code, object }: ApiResponse): void {
    const isOther = object.kind !== resource.kind;
    if (code >= 400 || options?.dryRun || isOther) return;
    const { namespace, name = '', resourceVersion } = (object as KubeObject).metadata;
    const version = Number(resourceVersion);
    if (!(version > 0)) return;
    const key = namespace ? `${namespace}/${name}` : name;
    this.#fresh.push({ resource: resourceId(resource), key, version });
  }
}

function isSeen(
  { resource, key, version }: Omit<Unseen, 'untilMs'>,
  { versionOf, told }: Sight,
): boolean {
  const seen = versionOf(resource, key);
  return seen === undefined || seen >= version || told(resource) >= version;
}
