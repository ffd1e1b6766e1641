import type { ComponentHealth } from '../apiserver/index.ts';

/** Components that upstream runs outside of the controller manager, or does not have. */
const NO_CONTROLLERS = new Set([
  'scheduler',
  'nodes',
  'expiry',
  'progress',
  'faults',
  'invariants',
]);
const DOWN = 'the component is not running';

/** How the scheduler and the controllers are: a component that was left out is down. */
export function controlPlaneHealth(components: Iterable<string>): ComponentHealth[] {
  const names = [...components];
  const report = (name: string, isUp: boolean): ComponentHealth =>
    isUp ? { name } : { name, error: DOWN };
  return [
    report(
      'controller-manager',
      names.some((name) => !NO_CONTROLLERS.has(name)),
    ),
    report('scheduler', names.includes('scheduler')),
  ];
}
