import type { FaultSpec } from '../../../generated/cluster/v1/types.ts';
import type { ApiRequest } from '../../meta/index.ts';
import type { Ailment } from '../../node/index.ts';
import type { FormReader } from './form.ts';

/** The name of a fault: the field of a Fault that holds it, and its name on a command line. */
export type FaultName = Exclude<keyof FaultSpec, 'at' | 'duration'>;

type Distribute<T> = T extends unknown ? Omit<T, 'id' | 'record'> : never;
/** What befalls nodes, without whose it is. */
export type AilmentBody = Distribute<Ailment>;

/** What an API server answers in the place of an answer. */
export interface Refusal {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  /** The request is done all the same. */
  readonly done?: true;
}

/** How late what a component sees of one resource is, and how often its watch breaks. */
export interface Delay {
  readonly lagMs: number;
  readonly loss: number;
}

/** What a momentary fault may do to the cluster as a whole. */
export interface World {
  restart(component: string): void;
  /** Starts it anew if it is dead. */
  revive(component: string): void;
  /** From then on it does nothing and is answered nothing, until it is restarted. */
  kill(component: string): void;
  jump(ms: number): void;
}

/**
 * One sort of fault: how it is written, and what it does. What it does is said by the hooks that it has; each is a pure function of
 * the fault's data, but for `begin` and `end`.
 */
export interface FaultKind<V = never> {
  readonly name: FaultName;
  /** How it is written on a command line, for the help: `zone=NAME`. */
  readonly form: string;
  /** What it does, for the help. */
  readonly about: string;
  /** It happens in a moment, and takes no duration. */
  readonly momentary?: true;
  /** How long after it began or ended its effects may still be to come: silence is noticed late, pods tolerate it for minutes. */
  readonly aftermathMs?: number;
  parse(reader: FormReader): V;
  /** The inverse of `parse`: what stands after `name=`. */
  text(value: V): string;
  /** The component that it names, or a pattern of components: there must be one. */
  component?(value: V): string | undefined;
  /** What befalls nodes for as long as it lasts. */
  ailment?(value: V, nowMs: number): AilmentBody;
  /** What is answered to a request, of those that it hits; `draw` is uniform in [0, 1). */
  refuse?(value: V, request: ApiRequest, draw: () => number): Refusal | undefined;
  /** How late what `component` sees of `resource` is, or of any for `*`. */
  delay?(value: V, component: string, resource: string): Delay | undefined;
  /** With which write of its component it strikes; 0 = with none. */
  fatalWrite?(value: V): number;
  begin?(value: V, world: World, lasts: boolean): void;
  end?(value: V, world: World): void;
}

/** `*` stands for any characters. */
export function fits(pattern: string | undefined, name: string): boolean {
  if (pattern === undefined || pattern === '*' || pattern === name) return true;
  if (!pattern.includes('*')) return false;
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${escaped}$`).test(name);
}
