import type { ApiResponse, KubeObject } from '../../meta/index.ts';
import { alsoOwned } from '../dry-run.ts';
import type { ServedKind } from '../kind.ts';
import type { CustomView } from './view.ts';

/** What is answered of an object that was written: it as it will be read, and that its version is on its way out. */
export function customAnswer(
  { descriptor, strategy }: ServedKind,
  view: CustomView,
  answer: ApiResponse,
): ApiResponse {
  const { object, warnings = [] } = answer;
  const { deprecation } = strategy;
  const told = deprecation ? { warnings: [deprecation, ...warnings] } : {};
  if (object.kind !== descriptor.kind) return { ...answer, ...told };
  const shown = view.seen(view.stored(object));
  return {
    ...answer,
    object: shown === object ? object : alsoOwned(object, shown as KubeObject),
    ...told,
  };
}
