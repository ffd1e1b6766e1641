import type { Node, Service } from '../../../generated/core/v1/types.ts';
import type { EndpointSlice } from '../../../generated/discovery/v1/types.ts';
import { SortedMap } from '../../base/index.ts';
import { jsonEqual, keyOf } from '../../meta/index.ts';
import { serviceRules, type Viewpoint } from './derive.ts';
import { type ProxyConfig, proxyNode, proxySettings } from './settings.ts';
import type { IPFamily, ModelChange, ProxyVersion, RuleModel, ServiceRules } from './types.ts';

const SERVICE_NAME = 'kubernetes.io/service-name';

export interface TrackerOptions {
  readonly node: Node;
  readonly family: IPFamily;
  readonly config?: ProxyConfig;
  /** 1.36 when absent. */
  readonly version?: ProxyVersion;
  /** Ranges of cluster IPs, of any family. */
  readonly serviceCIDRs?: readonly string[];
}

/**
 * Keeps the rule model of one node and family up to date. Tell it what came and went; `commit` then derives anew only the
 * services that this concerns (all of them after a change of node or settings that matters) and says which came out different.
 */
export class RuleTracker {
  readonly #family: IPFamily;
  readonly #version: ProxyVersion;
  #serviceCIDRs: readonly string[];
  #node: Node;
  #config: ProxyConfig;
  readonly #services = new Map<string, Service>();
  /** By service, then by name of the slice: endpoints may move between slices. */
  readonly #slices = new Map<string, Map<string, EndpointSlice>>();
  /** The service that each slice was last seen with. */
  readonly #owners = new Map<string, string>();
  readonly #dirty = new Set<string>();
  #viewStale = false;
  #model: RuleModel;

  constructor(options: TrackerOptions) {
    const { node, family, config = {}, version = '1.36', serviceCIDRs = [] } = options;
    this.#family = family;
    this.#serviceCIDRs = serviceCIDRs;
    this.#version = version;
    this.#node = node;
    this.#config = config;
    this.#model = { ...this.#view(), services: new SortedMap<ServiceRules>(), endpointCount: 0 };
  }

  /** As of the last commit. */
  get model(): RuleModel {
    return this.#model;
  }

  setService(service: Service): void {
    const key = keyOf(service);
    if (this.#services.get(key) === service) return;
    this.#services.set(key, service);
    this.#dirty.add(key);
  }

  deleteService(key: string): void {
    if (this.#services.delete(key)) this.#dirty.add(key);
  }

  setSlice(slice: EndpointSlice): void {
    const key = keyOf(slice);
    const name = slice.metadata.labels?.[SERVICE_NAME];
    const owner = name ? `${slice.metadata.namespace}/${name}` : undefined;
    const before = this.#owners.get(key);
    if (before !== undefined && before !== owner) this.deleteSlice(key);
    if (owner === undefined) return;
    const slices = this.#slices.get(owner) ?? new Map<string, EndpointSlice>();
    if (slices.get(key) === slice) return;
    this.#slices.set(owner, slices);
    slices.set(key, slice);
    this.#owners.set(key, owner);
    this.#dirty.add(owner);
  }

  deleteSlice(key: string): void {
    const owner = this.#owners.get(key);
    if (owner === undefined) return;
    const slices = this.#slices.get(owner);
    slices?.delete(key);
    if (slices?.size === 0) this.#slices.delete(owner);
    this.#owners.delete(key);
    this.#dirty.add(owner);
  }

  /** Takes these for all that there is. What it has already, by reference, costs no work. */
  setAll(services: Iterable<Service>, slices: Iterable<EndpointSlice>): void {
    const present = new Set<string>();
    for (const service of services) {
      present.add(keyOf(service));
      this.setService(service);
    }
    if (present.size < this.#services.size)
      for (const key of this.#services.keys()) if (!present.has(key)) this.deleteService(key);
    present.clear();
    for (const slice of slices) {
      present.add(keyOf(slice));
      this.setSlice(slice);
    }
    for (const key of this.#owners.keys()) if (!present.has(key)) this.deleteSlice(key);
  }

  setNode(node: Node): void {
    if (node === this.#node) return;
    this.#node = node;
    this.#viewStale = true;
  }

  setServiceCIDRs(cidrs: readonly string[]): void {
    this.#serviceCIDRs = cidrs;
    this.#viewStale = true;
  }

  setConfig(config: ProxyConfig): void {
    if (config === this.#config) return;
    this.#config = config;
    this.#viewStale = true;
  }

  /** Takes over what it was told since the last time. Work: O(what changed), or O(all) for the node and the settings. */
  commit(): ModelChange {
    const before = this.#model;
    const view = this.#viewStale ? this.#view() : before;
    const whole = this.#viewStale && !sameView(view, before);
    this.#viewStale = false;
    const { family, node, settings } = whole ? view : before;
    const keys = whole
      ? new Set([...this.#services.keys(), ...before.services.keys()])
      : this.#dirty;
    const services = (before.services as SortedMap<ServiceRules>).clone();
    const changed: string[] = [];
    let { endpointCount } = before;
    for (const key of keys) {
      const old = services.get(key);
      const now = this.#derive(key, { family, node, settings }, old);
      if (now === old) continue;
      if (now) services.set(key, now);
      else services.delete(key);
      endpointCount += countOf(now) - countOf(old);
      changed.push(key);
    }
    this.#dirty.clear();
    if (whole || changed.length > 0)
      this.#model = { family, node, settings, services, endpointCount };
    return { before, after: this.#model, services: changed.sort(), whole };
  }

  #derive(
    key: string,
    view: Viewpoint,
    before: ServiceRules | undefined,
  ): ServiceRules | undefined {
    const service = this.#services.get(key);
    if (!service) return undefined;
    const slices = this.#slices.get(key);
    // By name, so that it does not matter in which order slices came.
    const ordered = slices ? [...slices].sort(byKey).map(([, slice]) => slice) : [];
    return serviceRules(service, ordered, view, before);
  }

  #view(): Viewpoint {
    const node = proxyNode(this.#node, this.#family, this.#config.bindAddress);
    const settings = proxySettings(
      this.#config,
      node,
      this.#family,
      this.#version,
      this.#serviceCIDRs,
    );
    return { family: this.#family, node, settings };
  }
}

export interface ModelSource extends TrackerOptions {
  readonly services: Iterable<Service>;
  readonly endpointSlices: Iterable<EndpointSlice>;
}

/** The rule model of these objects. */
export function ruleModel(source: ModelSource): RuleModel {
  const tracker = new RuleTracker(source);
  tracker.setAll(source.services, source.endpointSlices);
  return tracker.commit().after;
}

function sameView(a: Viewpoint, b: Viewpoint): boolean {
  return jsonEqual(a.node, b.node) && jsonEqual(a.settings, b.settings);
}

function countOf(rules: ServiceRules | undefined): number {
  return rules?.ports.reduce((sum, { all }) => sum + all.length, 0) ?? 0;
}

const byKey = ([a]: [string, unknown], [b]: [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0;
