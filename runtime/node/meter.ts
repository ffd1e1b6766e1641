import type { Node, Pod } from '../../generated/core/v1/types.ts';
import { hasLabels, keyOf, parseTime } from '../meta/index.ts';
import { isSilent } from './ailments.ts';
import type { ContainerRecord } from './container-record.ts';
import { sumOver, valueAtMs } from './course.ts';
import { ephemeralContainers } from './ephemeral.ts';
import { BY_NODE, type Kubelets } from './kubelets.ts';
import type { PodRecord } from './pod-record.ts';
import type { ContainerScript } from './script.ts';
import type { SharedLoad } from './usage.ts';

/** A measurement: when, and over how much time before that processor time is averaged. */
interface Reading {
  readonly atMs: number;
  readonly windowMs: number;
}

interface Amounts {
  /** Billionths of a processor. */
  readonly cpuNanos: number;
  readonly memoryBytes: number;
}

export interface ContainerReading extends Amounts {
  readonly name: string;
}

export interface PodReading extends Reading {
  readonly containers: readonly ContainerReading[];
}

export interface NodeReading extends Reading, Amounts {}

/** Two measurements of something that has just started must be at least so far apart. */
const FRESH_MS = 10_000;
const NANOS = 1e6;

/** A container that ran at a moment. */
interface Running {
  readonly name: string;
  readonly startedMs: number;
  readonly script: ContainerScript;
}

/**
 * What metrics-server would have measured: nodes and pods at the last moment of the grid of its resolution, worked out from
 * behaviours when somebody asks. A pure function of what the kubelets know and of time, so that looking changes nothing. What is
 * not known any more, such as a pod that went since the measurement, is left out.
 */
export class Meter {
  readonly #kubelets: Kubelets;
  readonly #atMs: number;
  readonly #resolutionMs: number;
  /** How many containers share a load at the moment of measurement. */
  readonly #sharers = new Map<SharedLoad, number>();

  constructor(kubelets: Kubelets) {
    this.#kubelets = kubelets;
    this.#resolutionMs = kubelets.settings().resolutionMs;
    const nowMs = kubelets.context.pace.now();
    this.#atMs = Math.floor(nowMs / this.#resolutionMs) * this.#resolutionMs;
  }

  /** Undefined before the first measurement of all its containers, and for a pod whose node does not answer. */
  pod(pod: Pod): PodReading | undefined {
    const record = this.#recordOf(pod);
    if (!record || isSilent(this.#kubelets, record.node)) return undefined;
    const running = this.#running(pod, record);
    const windows = running.map(({ startedMs }) => this.#windowOf(startedMs));
    const [windowMs] = windows;
    if (windowMs === undefined || windows.includes(undefined)) return undefined;
    const containers = running.map((each, at) => this.#reading(pod, each, windows[at]!));
    return { atMs: this.#atMs, windowMs, containers };
  }

  /** Undefined for a node that has just come or does not answer. */
  node({ metadata }: Node): NodeReading | undefined {
    const { state, pods } = this.#kubelets;
    const { name = '', creationTimestamp } = metadata;
    const windowMs = this.#windowOf(parseTime(creationTimestamp));
    if (!state.nodes.has(name) || isSilent(this.#kubelets, name) || windowMs === undefined)
      return undefined;
    let [cpuNanos, memoryBytes] = [0, 0];
    for (const pod of pods.byIndex(BY_NODE, name)) {
      const record = this.#recordOf(pod);
      if (!record) continue;
      for (const each of this.#running(pod, record)) {
        const reading = this.#reading(pod, each, windowMs);
        cpuNanos += reading.cpuNanos;
        memoryBytes += reading.memoryBytes;
      }
    }
    return { atMs: this.#atMs, windowMs, cpuNanos, memoryBytes };
  }

  #recordOf(pod: Pod): PodRecord | undefined {
    const record = this.#kubelets.state.pods.get(keyOf(pod));
    return record?.uid === pod.metadata.uid ? record : undefined;
  }

  /** The containers of a pod that ran when it was measured: those of its own, then its init containers. */
  #running(pod: Pod, { main, init, ephemeral = {} }: PodRecord): Running[] {
    const scripts = this.#kubelets.scripts.of(pod);
    const { containers = [], initContainers = [] } = pod.spec ?? {};
    const found: Running[] = [];
    const add = (name: string, record?: ContainerRecord, script?: ContainerScript): void => {
      const stage = record?.stage;
      if (!script || (stage?.at !== 'running' && stage?.at !== 'stopping')) return;
      if (stage.sinceMs <= this.#atMs) found.push({ name, startedMs: stage.sinceMs, script });
    };
    for (const [at, { name }] of containers.entries()) add(name, main[at], scripts.main[at]);
    for (const [at, { name }] of initContainers.entries()) add(name, init[at], scripts.init[at]);
    for (const [at, { name }] of ephemeralContainers(pod).entries())
      add(name, ephemeral[name], scripts.ephemeral[at]);
    return found;
  }

  /** How long before the measurement the one was that it is compared with; undefined when there was none. */
  #windowOf(startedMs: number): number | undefined {
    const ageMs = this.#atMs - startedMs;
    if (ageMs >= this.#resolutionMs) return this.#resolutionMs;
    return ageMs >= FRESH_MS ? ageMs : undefined;
  }

  #reading(pod: Pod, { name, startedMs, script }: Running, windowMs: number): ContainerReading {
    const atMs = this.#atMs;
    const fromMs = Math.max(atMs - windowMs, startedMs);
    const { cpu, memory, load } = script.uses;
    let milliMs = sumOver(cpu, fromMs - startedMs, atMs - startedMs);
    let memoryBytes = valueAtMs(memory, atMs - startedMs);
    if (load && this.#serves(pod, load)) {
      const { sinceMs } = load;
      const sharers = this.#sharersOf(load);
      milliMs += sumOver(load.cpu, fromMs - sinceMs, atMs - sinceMs) / sharers;
      memoryBytes += valueAtMs(load.memory, atMs - sinceMs) / sharers;
    }
    return {
      name,
      cpuNanos: Math.round((milliMs / windowMs) * NANOS),
      memoryBytes: Math.round(memoryBytes),
    };
  }

  /** Whether the pod had a part of the load: it was ready, and is one of those that the load goes to. */
  #serves(pod: Pod, { service, namespace }: SharedLoad): boolean {
    if (!this.#wasReady(pod)) return false;
    if (service === undefined) return true;
    const selector = this.#kubelets.services.get(service, namespace)?.spec?.selector;
    return selector !== undefined && hasLabels(pod.metadata.labels, selector);
  }

  #wasReady({ metadata, status }: Pod): boolean {
    if (metadata.deletionTimestamp !== undefined) return false;
    const ready = status?.conditions?.find(({ type }) => type === 'Ready');
    return ready?.status === 'True' && parseTime(ready.lastTransitionTime) <= this.#atMs;
  }

  #sharersOf(load: SharedLoad): number {
    let count = this.#sharers.get(load);
    if (count !== undefined) return count;
    count = 0;
    for (const pod of this.#kubelets.pods.list(load.namespace)) {
      const record = this.#recordOf(pod);
      if (!record || !this.#serves(pod, load)) continue;
      count += this.#running(pod, record).filter((each) => each.script.uses.load === load).length;
    }
    this.#sharers.set(load, count);
    return count;
  }
}
