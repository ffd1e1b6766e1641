import type { Control, ManifestState } from '../client/index.ts';

/** A `Control` that is there before its cluster is: the screen opens at once, and fills when the cluster has been made. */
export interface DeferredControl extends Control {
  attach(control: Control): void;
  /** Something outside the cluster changed. */
  tell(): void;
}

/** `manifests` is asked for the state of the folder for as long as there is no cluster. */
export function deferredControl(
  startMs: number,
  manifests: () => ManifestState | undefined,
): DeferredControl {
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  let current: Control | undefined;
  return {
    attach(control) {
      current = control;
      control.onChange(tell);
      tell();
    },
    tell,
    clock: () => current?.clock() ?? { nowMs: startMs, elapsedMs: 0, mode: 'eager', speed: 1 },
    setMode: (mode) => current?.setMode(mode),
    setSpeed: (speed) => current?.setSpeed(speed),
    step: async () => current?.step(),
    runUntil: async (reached, atMs) => current?.runUntil(reached, atMs) ?? false,
    progress: () => current?.progress() ?? [],
    pulses: () => current?.pulses() ?? [],
    get converged() {
      return current?.converged ?? false;
    },
    sleepers: (count) => current?.sleepers(count) ?? [],
    components: () => current?.components() ?? [],
    watches: () => current?.watches() ?? [],
    journal: (count, matches) => current?.journal(count, matches) ?? [],
    causesOf: (record) => current?.causesOf(record) ?? [],
    why: (podKey) => current?.why(podKey),
    faults: () => current?.faults() ?? [],
    inject(fault) {
      if (!current) throw new Error('there is no cluster yet');
      return current.inject(fault);
    },
    heal: (id) => current?.heal(id) ?? false,
    manifests,
    sourceOf: (resource, key) => current?.sourceOf(resource, key),
    manifestOf: (resource, key) => current?.manifestOf(resource, key),
    withManagedFields: (resource, object) => current?.withManagedFields(resource, object) ?? object,
    rules: (node, mode) => current?.rules(node, mode),
    outcomes: () => current?.outcomes() ?? [],
    refusedEviction: (podKey, error) => current?.refusedEviction(podKey, error),
    revision: () => current?.revision() ?? 0,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
