import { PassThrough } from 'node:stream';
import type {
  ContainerTarget,
  Forward,
  ForwardWish,
  PodAccess,
  PodConnections,
  PodProcess,
  PortForwards,
  ProcessListener,
} from '../client/index.ts';

/** Pods that are reached without a network. What is asked of them is written down in `calls`. */
export class FakePods implements PodAccess, PodConnections, PortForwards {
  readonly connections = this;
  readonly forwards = this;
  readonly calls: string[] = [];
  /** Whoever listens to the processes that were begun, in this order. */
  readonly listeners: ProcessListener[] = [];
  #forwards: readonly Forward[] = [];
  #ids = 0;

  exec(target: ContainerTarget, command: readonly string[], listener: ProcessListener): PodProcess {
    return this.#begin(`exec ${named(target)} ${JSON.stringify(command)}`, listener);
  }

  attach(target: ContainerTarget, listener: ProcessListener): PodProcess {
    return this.#begin(`attach ${named(target)}`, listener);
  }

  dial(): PassThrough {
    return new PassThrough();
  }

  #begin(call: string, listener: ProcessListener): PodProcess {
    const at = this.listeners.push(listener);
    this.calls.push(call);
    return {
      write: (text) => this.calls.push(`${at} reads ${JSON.stringify(text)}`),
      endInput: () => this.calls.push(`${at} has read all`),
      close: () => this.calls.push(`${at} is left`),
    };
  }

  open(wish: ForwardWish): Promise<Forward> {
    if (wish.localPort === 22) return Promise.reject(new Error('localhost:22 may not be used'));
    const id = String(++this.#ids);
    const forward = { ...wish, id, localPort: wish.localPort || 40_000, active: 0, total: 0 };
    this.#forwards = [...this.#forwards, forward];
    return Promise.resolve(forward);
  }

  list(): readonly Forward[] {
    return this.#forwards;
  }

  stop(id: string): Promise<boolean> {
    const had = this.#forwards.some((each) => each.id === id);
    this.#forwards = this.#forwards.filter((each) => each.id !== id);
    return Promise.resolve(had);
  }

  close(): Promise<void> {
    this.#forwards = [];
    return Promise.resolve();
  }
}

function named({ namespace, name, container }: ContainerTarget): string {
  return `${namespace}/${name}/${container}`;
}
