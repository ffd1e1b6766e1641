import type { Loop, Random } from '../base/index.ts';
import type { Component, ComponentContext, ComponentFactory, Transport } from '../client/index.ts';
import type { Journal } from '../trace/index.ts';

export interface Environment {
  readonly loop: Loop;
  /** A component's own way to the API. */
  transportFor(component: string): Transport;
  readonly journal: Journal;
  /** The component's own stream of randomness. */
  stream(name: string): Random;
  report(component: string, error: unknown): void;
}

/** A named place in the control plane and how to fill it. */
export interface Slot {
  readonly name: string;
  readonly create: ComponentFactory;
}

/**
 * Makes all components and puts them into `components`, then starts them, in the order of the slots; the order is part of what makes a run
 * repeatable.
 */
export function startComponents(
  slots: readonly Slot[],
  environment: Environment,
  inherited?: ReadonlyMap<string, unknown>,
  components: Map<string, Component> = new Map(),
): Map<string, Component> {
  for (const slot of slots)
    components.set(slot.name, createComponent(slot, environment, inherited));
  for (const { name } of slots) {
    const component = components.get(name)!;
    environment.loop.register(component);
    component.start();
  }
  return components;
}

function createComponent(
  slot: Slot,
  { loop, transportFor, journal, stream, report }: Environment,
  inherited: ReadonlyMap<string, unknown> | undefined,
): Component {
  const { name } = slot;
  const context: ComponentContext = {
    name,
    transport: transportFor(name),
    journal,
    random: stream(name),
    pace: {
      now: () => loop.now(),
      ready: () => loop.markReady(name),
      setTimer: (key, atMs, kind, cause) => loop.setTimer(name, key, atMs, kind, cause),
      clearTimer: (key) => loop.clearTimer(name, key),
    },
    report: (error) => report(name, error),
    ...(inherited?.has(name) ? { inherited: inherited.get(name) } : {}),
  };
  return slot.create(context);
}
