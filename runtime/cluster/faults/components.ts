import { FaultError } from './form.ts';
import { fits } from './kind.ts';
import type { Entry } from './state.ts';

/** Throws a FaultError where a fault is about a component and none is called so. */
export function checkComponent({ kind, value }: Entry, known: readonly string[]): void {
  const wanted = kind.component?.(value);
  if (wanted === undefined) return;
  const names =
    kind.name === 'crash'
      ? known.filter((name) => name !== 'nodes')
      : [...known, ...(kind.name === 'api' ? ['kubelet'] : [])];
  const found =
    kind.name === 'crash' ? names.includes(wanted) : names.some((name) => fits(wanted, name));
  if (!found)
    throw new FaultError(
      `no component is called ${wanted}`,
      `there are ${names.toSorted().join(', ')}`,
    );
}
