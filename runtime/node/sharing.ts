import type { Container, Pod } from '../../generated/core/v1/types.ts';
import { hasLabels, parseTime } from '../meta/index.ts';
import type { ContainerRecord } from './container-record.ts';
import { sumOver, valueAtMs } from './course.ts';
import { ephemeralContainers } from './ephemeral.ts';
import type { Kubelets } from './kubelets.ts';
import type { PodRecord } from './pod-record.ts';
import { recordOf } from './pods-on.ts';
import { givenPod } from './resizing.ts';
import type { ContainerScript } from './script.ts';
import type { SharedLoad } from './shared-load.ts';

/** A container that ran at a moment. */
export interface Running {
  readonly name: string;
  readonly spec: Container;
  readonly startedMs: number;
  readonly script: ContainerScript;
}

/**
 * Who has which part of the loads that pods share, at one moment. The sharers of a load are counted when it is first asked about,
 * over the pods of its namespace.
 */
export class Sharing {
  readonly #kubelets: Kubelets;
  readonly #atMs: number;
  readonly #sharers = new Map<SharedLoad, number>();

  constructor(kubelets: Kubelets, atMs: number) {
    this.#kubelets = kubelets;
    this.#atMs = atMs;
  }

  /** The part of a load that each of a pod's containers has that follow it; 0 for a pod that it does not go to. */
  partOf(pod: Pod, load: SharedLoad): number {
    return this.#serves(pod, load) ? 1 / this.#sharersOf(load) : 0;
  }

  /** The memory that a container uses for its load, in bytes. */
  memoryBytes(pod: Pod, load: SharedLoad | undefined): number {
    if (!load || load.peakBytes === 0) return 0;
    const bytes = valueAtMs(load.memory, this.#atMs - load.sinceMs);
    return bytes === 0 ? 0 : Math.round(bytes * this.partOf(pod, load));
  }

  /**
   * Processor time that a container took between two moments, in thousandths of a processor × ms. Of a load it has the part that
   * it has now: how many shared it before, nobody has kept.
   */
  milliMs(
    pod: Pod,
    { startedMs, script: { usage } }: Running,
    from: number,
    untilMs: number,
  ): number {
    const fromMs = Math.max(from, startedMs);
    const { cpu, load } = usage;
    const own = sumOver(cpu, fromMs - startedMs, untilMs - startedMs);
    const part = load ? this.partOf(pod, load) : 0;
    if (!load || part === 0) return own;
    return own + sumOver(load.cpu, fromMs - load.sinceMs, untilMs - load.sinceMs) * part;
  }

  /** The containers of a pod that run at the moment: those of its own, its init containers, and those put into it. */
  running(pod: Pod, record: PodRecord): Running[] {
    const given = givenPod(pod, record);
    const scripts = this.#kubelets.scripts.of(given);
    const { containers = [], initContainers = [] } = given.spec ?? {};
    const { main, init, ephemeral = {} } = record;
    const found: Running[] = [];
    const add = (spec: Container, record?: ContainerRecord, script?: ContainerScript): void => {
      const stage = record?.stage;
      if (!script || (stage?.at !== 'running' && stage?.at !== 'stopping')) return;
      if (stage.sinceMs <= this.#atMs)
        found.push({ name: spec.name, spec, startedMs: stage.sinceMs, script });
    };
    for (const [at, each] of containers.entries()) add(each, main[at], scripts.main[at]);
    for (const [at, each] of initContainers.entries()) add(each, init[at], scripts.init[at]);
    for (const [at, each] of ephemeralContainers(given).entries())
      add(each, ephemeral[each.name], scripts.ephemeral[at]);
    return found;
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
      const record = recordOf(this.#kubelets, pod);
      if (!record || !this.#serves(pod, load)) continue;
      count += this.running(pod, record).filter((each) => each.script.usage.load === load).length;
    }
    this.#sharers.set(load, count);
    return count;
  }
}
