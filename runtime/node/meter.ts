import type { Node, Pod } from '../../generated/core/v1/types.ts';
import { parseTime } from '../meta/index.ts';
import { isSilent } from './ailments.ts';
import type { Kubelets } from './kubelets.ts';
import type { PodRecord } from './pod-record.ts';
import { podsOn, recordOf } from './pods-on.ts';
import { type Running, Sharing } from './sharing.ts';
import { usesAt } from './usage.ts';

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

/**
 * What metrics-server would have measured: nodes and pods at the last moment of the grid of its resolution, worked out from
 * behaviours when somebody asks. A pure function of what the kubelets know and of time, so that looking changes nothing. What is
 * not known any more, such as a pod that went since the measurement, is left out.
 */
export class Meter {
  readonly #kubelets: Kubelets;
  readonly #atMs: number;
  readonly #resolutionMs: number;
  readonly #sharing: Sharing;

  constructor(kubelets: Kubelets) {
    this.#kubelets = kubelets;
    this.#resolutionMs = kubelets.settings().resolutionMs;
    const nowMs = kubelets.context.pace.now();
    this.#atMs = Math.floor(nowMs / this.#resolutionMs) * this.#resolutionMs;
    this.#sharing = new Sharing(kubelets, this.#atMs);
  }

  /** Undefined before the first measurement of all its containers, and for a pod whose node does not answer. */
  pod(pod: Pod): PodReading | undefined {
    const record = this.#recordOf(pod);
    if (!record || isSilent(this.#kubelets, record.node)) return undefined;
    const running = this.#sharing.running(pod, record);
    const windows = running.map(({ startedMs }) => this.#windowOf(startedMs));
    const [windowMs] = windows;
    if (windowMs === undefined || windows.includes(undefined)) return undefined;
    const containers = running.map((each, at) => this.#reading(pod, each, windows[at]!));
    return { atMs: this.#atMs, windowMs, containers };
  }

  /** Undefined for a node that has just come or does not answer. */
  node({ metadata }: Node): NodeReading | undefined {
    const { state } = this.#kubelets;
    const { name = '', creationTimestamp } = metadata;
    const windowMs = this.#windowOf(parseTime(creationTimestamp));
    if (!state.nodes.has(name) || isSilent(this.#kubelets, name) || windowMs === undefined)
      return undefined;
    let [cpuNanos, memoryBytes] = [0, 0];
    for (const pod of podsOn(this.#kubelets, name)) {
      const record = this.#recordOf(pod);
      if (!record) continue;
      for (const each of this.#sharing.running(pod, record)) {
        const reading = this.#reading(pod, each, windowMs);
        cpuNanos += reading.cpuNanos;
        memoryBytes += reading.memoryBytes;
      }
    }
    return { atMs: this.#atMs, windowMs, cpuNanos, memoryBytes };
  }

  #recordOf(pod: Pod): PodRecord | undefined {
    return recordOf(this.#kubelets, pod);
  }

  /** How long before the measurement the one was that it is compared with; undefined when there was none. */
  #windowOf(startedMs: number): number | undefined {
    const ageMs = this.#atMs - startedMs;
    if (ageMs >= this.#resolutionMs) return this.#resolutionMs;
    return ageMs >= FRESH_MS ? ageMs : undefined;
  }

  #reading(pod: Pod, running: Running, windowMs: number): ContainerReading {
    const atMs = this.#atMs;
    const { name, startedMs, script } = running;
    const milliMs = this.#sharing.milliMs(pod, running, atMs - windowMs, atMs);
    const own = usesAt(script.usage, startedMs, atMs).memoryBytes;
    return {
      name,
      cpuNanos: Math.round((milliMs / windowMs) * NANOS),
      memoryBytes: own + this.#sharing.memoryBytes(pod, script.usage.load),
    };
  }
}
