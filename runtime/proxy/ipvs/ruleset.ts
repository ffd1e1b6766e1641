import { Claims } from '../claims.ts';
import { ownerOf } from '../line-rules.ts';
import type { ModelChange, RuleModel, ServicePortRules } from '../model/index.ts';
import { type Fragment, fragmentOf, type VirtualServer } from './fragment.ts';
import { iptablesText } from './iptables-part.ts';
import { createLine, kernelName, SET_NAMES, type SetName } from './sets.ts';

const DEVICE = 'kube-ipvs0';
const NO_FRAGMENT: Fragment = { entries: [], servers: [], binds: [], drops: [] };

/** Lines for each of the programs that load a part, in the order in which they run. */
interface Script {
  readonly bind: string[];
  readonly ipset: string[];
  iptables: string;
  readonly ipvsadm: string[];
  readonly unbind: string[];
}

type Place =
  | { readonly kind: 'bind'; readonly address: string }
  | { readonly kind: 'drop'; readonly rule: string }
  | { readonly kind: 'entry'; readonly set: SetName; readonly entry: string }
  | { readonly kind: 'server'; readonly server: VirtualServer };

/**
 * The rules of one IP family in ipvs mode: dummy interface, sets, iptables rules that match them, and virtual servers, as a
 * script for `sh`. Work per update is O(what changed), and the iptables part, which does not grow with services, is
 * written only if it changed.
 *
 * A real server that goes is first given weight 0, so that its connections can end, and deleted with the next update.
 */
export class IpvsRules {
  #model: RuleModel;
  readonly #fragments = new Map<string, Fragment>();
  readonly #claims = new Claims<Place>();
  /** How many entries each set has. */
  readonly #counts = new Map<SetName, number>();
  readonly #drops = new Set<string>();
  #iptables = '';
  /** Real servers with weight 0, by virtual server. */
  readonly #draining = new Map<string, Set<string>>();

  constructor(model: RuleModel) {
    this.#model = model;
    for (const { ports } of model.services.values())
      for (const port of ports) {
        const owner = ownerOf(port);
        const fragment = fragmentOf(port, model);
        this.#fragments.set(owner, fragment);
        for (const [place, value] of placesOf(fragment)) {
          if (!this.#claims.has(place)) this.#count(value, 1);
          this.#claims.put(owner, place, value);
        }
      }
    this.#iptables = this.#iptablesText(false);
  }

  /** For a kernel that has no rules of the proxy yet. */
  fullText(): string {
    const { family, services } = this.#model;
    const script = emptyScript();
    script.bind.push(`link add ${DEVICE} type dummy`);
    for (const set of SET_NAMES) script.ipset.push(createLine(set, family));
    const seen = new Set<string>();
    for (const { ports } of services.values())
      for (const port of ports)
        for (const [place] of placesOf(this.#fragments.get(ownerOf(port))!)) {
          if (seen.has(place)) continue;
          seen.add(place);
          this.#write(script, undefined, this.#claims.get(place));
        }
    script.iptables = this.#iptablesText(true);
    return scriptText(script, family);
  }

  /** What a change of the model changes; empty if nothing is to be done. */
  update({ before, after, services, whole }: ModelChange): string {
    this.#model = after;
    const edits = new Map<string, readonly [old: Fragment, now: Fragment]>();
    if (whole) {
      for (const owner of this.#fragments.keys()) this.#plan(edits, owner, undefined);
      for (const { ports } of after.services.values())
        for (const port of ports) this.#plan(edits, ownerOf(port), port);
      return scriptText(this.#apply(edits), after.family);
    }
    for (const key of services) {
      const now = after.services.get(key)?.ports ?? [];
      const kept = new Set(now);
      for (const port of before.services.get(key)?.ports ?? [])
        if (!kept.has(port)) this.#plan(edits, ownerOf(port), undefined);
      const old = new Set(before.services.get(key)?.ports);
      for (const port of now) if (!old.has(port)) this.#plan(edits, ownerOf(port), port);
    }
    return scriptText(this.#apply(edits), after.family);
  }

  #plan(
    edits: Map<string, readonly [Fragment, Fragment]>,
    owner: string,
    port: ServicePortRules | undefined,
  ): void {
    const old = edits.get(owner)?.[0] ?? this.#fragments.get(owner) ?? NO_FRAGMENT;
    edits.set(owner, [old, port ? fragmentOf(port, this.#model) : NO_FRAGMENT]);
  }

  #apply(edits: ReadonlyMap<string, readonly [Fragment, Fragment]>): Script {
    const script = emptyScript();
    const touched = new Map<string, Place | undefined>();
    for (const fragments of edits.values())
      for (const fragment of fragments)
        for (const [place] of placesOf(fragment))
          if (!touched.has(place)) touched.set(place, this.#claims.get(place));
    for (const [owner, [old]] of edits)
      for (const [place] of placesOf(old)) this.#claims.drop(owner, place);
    for (const [owner, [, now]] of edits) {
      if (now === NO_FRAGMENT) this.#fragments.delete(owner);
      else this.#fragments.set(owner, now);
      for (const [place, value] of placesOf(now)) this.#claims.put(owner, place, value);
    }
    const draining = new Map(this.#draining);
    this.#draining.clear();
    for (const [place, old] of touched) {
      const now = this.#claims.get(place);
      if (old && !now) this.#count(old, -1);
      if (!old && now) this.#count(now, 1);
      this.#write(script, old, now, draining);
    }
    for (const [service, reals] of draining)
      for (const real of reals) script.ipvsadm.push(`-d ${service} -r ${real}`);
    const iptables = this.#iptablesText(false);
    if (iptables !== this.#iptables) script.iptables = iptables;
    this.#iptables = iptables;
    return script;
  }

  #count(place: Place, by: 1 | -1): void {
    if (place.kind === 'entry')
      this.#counts.set(place.set, (this.#counts.get(place.set) ?? 0) + by);
    if (place.kind !== 'drop') return;
    if (by > 0) this.#drops.add(place.rule);
    else this.#drops.delete(place.rule);
  }

  #iptablesText(jumps: boolean): string {
    return iptablesText(this.#model, {
      filled: (set) => (this.#counts.get(set) ?? 0) > 0,
      drops: [...this.#drops].sort(),
      jumps,
    });
  }

  /** Adds to the script what brings one place from `old` to `now`. */
  #write(
    script: Script,
    old: Place | undefined,
    now: Place | undefined,
    draining: ReadonlyMap<string, Set<string>> = new Map(),
  ): void {
    const { family } = this.#model;
    const place = now ?? old;
    if (!place || place.kind === 'drop') return;
    if (place.kind === 'server') {
      const before = old?.kind === 'server' ? old.server : undefined;
      const after = now?.kind === 'server' ? now.server : undefined;
      const weak = draining.get(place.server.service) ?? new Set();
      this.#writeServer(script.ipvsadm, before, after, weak);
      return;
    }
    if ((old === undefined) === (now === undefined)) return;
    if (place.kind === 'entry') {
      const verb = now ? 'add' : 'del';
      script.ipset.push(`${verb} ${kernelName(place.set, family)} ${place.entry}`);
      return;
    }
    const bits = family === 'IPv4' ? 32 : 128;
    const line = `address ${now ? 'add' : 'del'} ${place.address}/${bits} dev ${DEVICE}`;
    (now ? script.bind : script.unbind).push(line);
    script.ipset.push(
      `${now ? 'add' : 'del'} ${kernelName('KUBE-IPVS-IPS', family)} ${place.address}`,
    );
  }

  /** `weak` are the real servers that still drain from before; those that are dealt with here are taken out. */
  #writeServer(
    lines: string[],
    old: VirtualServer | undefined,
    now: VirtualServer | undefined,
    weak: Set<string>,
  ): void {
    if (!now) {
      if (old) lines.push(`-D ${old.service}`);
      weak.clear();
      return;
    }
    const { service, options } = now;
    if (!old) lines.push(`-A ${service} ${options}`);
    else if (old.options !== options) lines.push(`-E ${service} ${options}`);
    const known = new Set(old?.reals);
    for (const real of now.reals) {
      if (known.has(real)) continue;
      lines.push(`${weak.delete(real) ? '-e' : '-a'} ${service} -r ${real} -m -w 1`);
    }
    const wanted = new Set(now.reals);
    for (const real of known) {
      if (wanted.has(real)) continue;
      // Nothing of UDP has an end that one could wait for.
      if (service.startsWith('-u')) lines.push(`-d ${service} -r ${real}`);
      else {
        lines.push(`-e ${service} -r ${real} -m -w 0`);
        const drained = this.#draining.get(service) ?? new Set();
        this.#draining.set(service, drained.add(real));
      }
    }
  }
}

function* placesOf(fragment: Fragment): Generator<readonly [string, Place]> {
  for (const [set, entry] of fragment.entries)
    yield [`${set} ${entry}`, { kind: 'entry', set, entry }];
  for (const address of fragment.binds) yield [`bind ${address}`, { kind: 'bind', address }];
  for (const server of fragment.servers) yield [server.service, { kind: 'server', server }];
  for (const rule of fragment.drops) yield [`drop ${rule}`, { kind: 'drop', rule }];
}

const emptyScript = (): Script => ({ bind: [], ipset: [], iptables: '', ipvsadm: [], unbind: [] });

function scriptText(script: Script, family: RuleModel['family']): string {
  const v6 = family === 'IPv6';
  const part = (command: string, text: string): string =>
    text === '' ? '' : `${command} <<'EOF'\n${text}EOF\n`;
  const lines = (list: readonly string[]): string => list.map((line) => `${line}\n`).join('');
  return [
    part(`ip${v6 ? ' -6' : ''} -force -batch -`, lines(script.bind)),
    part('ipset restore -exist', lines(script.ipset)),
    part(`${v6 ? 'ip6tables' : 'iptables'}-restore --noflush`, script.iptables),
    part('ipvsadm --restore', lines(script.ipvsadm)),
    part(`ip${v6 ? ' -6' : ''} -force -batch -`, lines(script.unbind)),
  ].join('');
}
