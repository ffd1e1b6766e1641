import type { Loop, Random } from '../base/index.ts';
import type { Component, ComponentContext, ComponentFactory, Transport } from '../client/index.ts';
import type { Journal } from '../trace/index.ts';

export interface Environment {
  readonly loop: Loop;
  readonly transport: Transport;
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

/** Makes and starts all components, in the order of the slots; the order is part of what makes a run repeatable. */
export function startComponents(
  slots: readonly Slot[],
  environment: Environment,
  inherited?: ReadonlyMap<string, unknown>,
): Map<string, Component> {
  const components = new Map<string, Component>();
  for (const slot of slots)
    components.set(slot.name, createComponent(slot, environment, inherited));
  for (const component of components.values()) {
    environment.loop.register(component);
    component.start();
  }
  return components;
}

function createComponent(
  slot: Slot,
  { loop, transport, journal, stream, report }: Environment,
  inherited: ReadonlyMap<string, unknown> | undefined,
): Component {
  const { name } = slot;
  const context: ComponentContext = {
    name,
    transport,
    journal,
    random: stream(name),
    pace: {
      now: () => loop.now(),
      ready: () => loop.markReady(name),
      setTimer: (key, atMs, kind) => loop.setTimer(name, key, atMs, kind),
      clearTimer: (key) => loop.clearTimer(name, key),
    },
    report: (error) => report(name, error),
    ...(inherited?.has(name) ? { inherited: inherited.get(name) } : {}),
  };
  return slot.create(context);
}
