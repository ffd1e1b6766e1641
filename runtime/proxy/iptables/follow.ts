import type { ModelChange, RuleModel } from '../model/index.ts';
import { textContext } from './port-rules.ts';
import { addService, assemble, restoreText, type ServiceParts, serviceChains } from './text.ts';

/** Services whose lines are kept together. */
const PAGE = 32;

interface Page {
  readonly filter: string;
  readonly nat: string;
}

/**
 * Follows a model and gives the text that `iptables-restore --noflush` takes after each change, as kube-proxy's partial sync does:
 * the chains that all services share are written whole, a service's own chains only if it changed, and those that no
 * service has any longer are deleted. The shared lines are kept in pages, so that a change writes one page anew.
 *
 * kube-proxy puts off deleting chains in large clusters, and lets old comments stand when the cluster becomes large; here
 * both happen at once, so that the rules are always those of a full sync.
 */
export class Follower {
  #keys: string[] = [];
  #pages: (Page | undefined)[] = [];

  constructor(model: RuleModel) {
    this.#reset(model);
  }

  update({ before, after, services, whole }: ModelChange): string {
    const stale = services.flatMap((key) => staleChains(before, after, key)).sort();
    const resized = textContext(before).large !== textContext(after).large;
    if (whole || resized) {
      this.#reset(after);
      return restoreText(after, stale);
    }
    for (const key of services) this.#touch(key, after.services.has(key));
    return assemble(after, this.#parts(after, new Set(services)), stale);
  }

  #reset(model: RuleModel): void {
    this.#keys = [...model.services.keys()];
    this.#pages = [];
    for (let page = 0; page * PAGE < this.#keys.length; page++) this.#compose(model, page);
  }

  /** Forgets the pages that a service's lines are on or move between. */
  #touch(key: string, exists: boolean): void {
    const at = lowerBound(this.#keys, key);
    const page = Math.floor(at / PAGE);
    const known = this.#keys[at] === key;
    if (known && exists) {
      this.#pages[page] = undefined;
      return;
    }
    if (known === exists) return;
    this.#keys.splice(at, known ? 1 : 0, ...(exists ? [key] : []));
    this.#pages.length = Math.min(this.#pages.length, page);
  }

  #parts(model: RuleModel, changed: ReadonlySet<string>): ServiceParts {
    const parts: ServiceParts = { filter: [], natChains: [], natRules: [] };
    const fresh = new Set(
      [...changed].map((key) => Math.floor(lowerBound(this.#keys, key) / PAGE)),
    );
    for (let page = 0; page * PAGE < this.#keys.length; page++) {
      if (fresh.has(page)) {
        this.#write(parts, model, page, changed);
        continue;
      }
      const { filter, nat } = this.#pages[page] ?? this.#compose(model, page);
      parts.filter.push(filter);
      parts.natRules.push(nat);
    }
    return parts;
  }

  #compose(model: RuleModel, page: number): Page {
    const parts: ServiceParts = { filter: [], natChains: [], natRules: [] };
    this.#write(parts, model, page, new Set());
    const composed = { filter: parts.filter.join(''), nat: parts.natRules.join('') };
    this.#pages[page] = composed;
    return composed;
  }

  /** The lines of a page's services, with their own chains for those that changed. */
  #write(parts: ServiceParts, model: RuleModel, page: number, changed: ReadonlySet<string>): void {
    const context = textContext(model);
    for (const key of this.#keys.slice(page * PAGE, (page + 1) * PAGE))
      addService(parts, model.services.get(key)!, context, changed.has(key));
  }
}

/** Chains are named after their service, so no other can have them. */
function staleChains(before: RuleModel, after: RuleModel, key: string): string[] {
  const chains = ({ services }: RuleModel): string[] => {
    const rules = services.get(key);
    return rules ? serviceChains(rules) : [];
  };
  const kept = new Set(chains(after));
  return chains(before).filter((chain) => !kept.has(chain));
}

/** Index of the first key that is not less than `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
