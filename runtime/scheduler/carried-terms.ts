import type { AffinityTerm, NamespaceLabels } from './affinity-terms.ts';
import type { ClusterState } from './cluster-state.ts';
import { type DomainCounts, Topology } from './domain-tally.ts';
import type { PodShape } from './pod-shape.ts';

/** What a term means to the pods that it selects. */
export type TermRole = 'required' | 'requiredAnti' | 'preferred';

/** A term that pods on nodes have, and how many have it in each domain of its topology. */
export class CarriedTerm implements DomainCounts {
  readonly term: AffinityTerm;
  readonly role: TermRole;
  /** Of a preferred term; negative for anti-affinity. */
  readonly weight: number;
  readonly topology: Topology;
  /** Pods in all domains. */
  total = 0;
  readonly #bySlot = new Map<number, number>();
  readonly #byDomain = new Map<number, number>();

  constructor(term: AffinityTerm, role: TermRole, weight: number, topology: Topology) {
    this.term = term;
    this.role = role;
    this.weight = weight;
    this.topology = topology;
    topology.join(this);
  }

  /** Pods with the term in the node's domain; none on a node without the label. */
  countAt(slot: number): number {
    if (!this.topology.hasLabel(slot)) return 0;
    return this.#byDomain.get(this.topology.domainOf(slot)) ?? 0;
  }

  add(slot: number, delta: number): void {
    shift(this.#bySlot, slot, delta);
    if (this.topology.isEligible(slot)) this.#shift(this.topology.domainOf(slot), delta);
  }

  entered(slot: number, domain: number): void {
    this.#shift(domain, this.#bySlot.get(slot) ?? 0);
  }

  left(slot: number, domain: number): void {
    this.#shift(domain, -(this.#bySlot.get(slot) ?? 0));
  }

  #shift(domain: number, delta: number): void {
    this.total += delta;
    shift(this.#byDomain, domain, delta);
  }
}

function shift(counts: Map<number, number>, key: number, delta: number): void {
  const count = (counts.get(key) ?? 0) + delta;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}

interface Selected {
  /** How many of all terms have been looked at. */
  seen: number;
  readonly terms: CarriedTerm[];
}

/**
 * The affinity terms of the pods on nodes, for the pods that they select. Filled by a look at all pods when first asked;
 * after that each pod that comes or goes changes the counts of its own terms. A fork starts without any.
 */
export class CarriedTerms {
  readonly #state: ClusterState;
  readonly #labelsOf: NamespaceLabels;
  #all: CarriedTerm[] = [];
  #byKey = new Map<string, CarriedTerm>();
  #ofShape = new WeakMap<PodShape, readonly CarriedTerm[]>();
  #selecting = new WeakMap<PodShape, Selected>();
  readonly #topologies = new Map<string, Topology>();
  #filled = false;

  constructor(state: ClusterState, labelsOf: NamespaceLabels) {
    this.#state = state;
    this.#labelsOf = labelsOf;
  }

  /** Terms that select pods of this shape; some may be carried by no pod any more. */
  selecting(shape: PodShape): readonly CarriedTerm[] {
    if (!this.#filled) this.#fill();
    let selected = this.#selecting.get(shape);
    if (!selected) {
      selected = { seen: 0, terms: [] };
      this.#selecting.set(shape, selected);
    }
    for (; selected.seen < this.#all.length; selected.seen++) {
      const each = this.#all[selected.seen]!;
      if (each.term.matches(shape, this.#labelsOf)) selected.terms.push(each);
    }
    return selected.terms;
  }

  /** A pod came to (1) or left (-1) a node. */
  count(shape: PodShape, slot: number, delta: 1 | -1): void {
    if (!this.#filled || !shape.affinity) return;
    for (const each of this.#termsOf(shape)) each.add(slot, delta);
  }

  nodeChanged(slot: number): void {
    for (const topology of this.#topologies.values()) topology.nodeChanged(slot);
  }

  /** Labels of namespaces changed: which pods the terms select is looked at anew. */
  namespacesChanged(): void {
    if (this.#all.some(({ term }) => term.readsNamespaces)) this.#selecting = new WeakMap();
  }

  #termsOf(shape: PodShape): readonly CarriedTerm[] {
    const known = this.#ofShape.get(shape);
    if (known) return known;
    const { required, requiredAnti, preferred } = shape.affinity!;
    const made = [
      ...required.map((term) => this.#term(term, 'required', 0)),
      ...requiredAnti.map((term) => this.#term(term, 'requiredAnti', 0)),
      ...preferred.map(({ term, weight }) => this.#term(term, 'preferred', weight)),
    ];
    this.#ofShape.set(shape, made);
    return made;
  }

  #term(term: AffinityTerm, role: TermRole, weight: number): CarriedTerm {
    const key = `${role}\0${weight}\0${term.key}`;
    const known = this.#byKey.get(key);
    if (known) return known;
    const made = new CarriedTerm(term, role, weight, this.#topology(term.topologyKey));
    this.#byKey.set(key, made);
    this.#all.push(made);
    return made;
  }

  #topology(key: string): Topology {
    const known = this.#topologies.get(key);
    if (known) return known;
    const made = new Topology(this.#state.slotCount, (slot) => {
      const facts = this.#state.at(slot)?.facts;
      return facts && { value: facts.labels[key], eligible: key in facts.labels };
    });
    this.#topologies.set(key, made);
    return made;
  }

  #fill(): void {
    this.#filled = true;
    for (let slot = 0; slot < this.#state.slotCount; slot++)
      for (const { shape } of this.#state.at(slot)?.pods ?? []) this.count(shape, slot, 1);
  }
}
