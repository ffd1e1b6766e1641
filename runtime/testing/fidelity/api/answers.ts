import type { ApiResponse } from '../../../meta/index.ts';
import { at, type Step, stepsOf } from './cases.ts';
import {
  isObject,
  managedFields,
  normalise,
  type View,
  withoutPath,
  withoutStatus,
} from './normalise.ts';

type Json = Record<string, unknown>;

/** What of an answer is compared, in the form of the recording. Undefined for forms that only HTTP has. */
export function summary(
  step: Step,
  { code, object, warnings }: ApiResponse,
  view: View,
  suite: string,
): Json | undefined {
  const answer = asRecorded(object as unknown as Json);
  const out: Json = { code, ...(step.warn ? { warnings: warnings?.length ?? 0 } : {}) };
  if (step.rec === 'codeonly') return out;
  if (code >= 400) return { ...out, reason: answer.reason ?? '', causes: causesOf(answer, view) };
  switch (step.rec ?? 'full') {
    case 'code':
      return answer.kind === 'Status' ? { ...out, kind: 'Status' } : out;
    case 'names':
      return { ...out, ...namesOf(answer, step, view) };
    case 'managed':
      return { ...out, managed: managedFields(at(answer, 'metadata.managedFields'), view) };
    case 'pick':
      return { ...out, values: picked(answer, step.pick ?? [], view) };
    case 'full': {
      const kept = step.keepStatus || suite === 'A' ? answer : withoutStatus(answer);
      const dropped = (step.drop ?? []).reduce<unknown>(withoutPath, kept);
      const managed = step.managed === true;
      return { ...out, object: normalise(dropped, { ...view, managed }) };
    }
    default:
      return undefined;
  }
}

/**
 * Of each kind, what is not compared: what Kubernetes has added to its objects since the recording (1.28), and who asked for a
 * certificate, which is who sent the recorded request.
 */
const NOT_COMPARED: Readonly<Record<string, readonly string[]>> = {
  CertificateSigningRequest: ['spec.username', 'spec.uid', 'spec.groups', 'spec.extra'],
  Job: ['spec.podReplacementPolicy'],
  PersistentVolume: ['status.lastPhaseTransitionTime'],
  Pod: ['metadata.generation', 'status.observedGeneration'],
};

/** An object, or each of a list, without what is not compared. */
export function asRecorded(answer: Json): Json {
  const kind = String(answer.kind);
  const { items } = answer;
  const ofItems = kind.replace(/List$/, '');
  if (ofItems !== kind && NOT_COMPARED[ofItems] && Array.isArray(items)) {
    const objects = items.map((item: Json) => asRecorded({ ...item, kind: ofItems }));
    return { ...answer, items: objects };
  }
  const paths = NOT_COMPARED[kind];
  return paths ? (paths.reduce<unknown>(withoutPath, answer) as Json) : answer;
}

function causesOf(status: Json, view: View): unknown[] {
  const causes = at(status, 'details.causes');
  const shown = (Array.isArray(causes) ? causes.filter(isObject) : []).map((cause) => ({
    reason: String(cause.reason ?? ''),
    field: String(normalise(String(cause.field ?? ''), view)),
  }));
  const byKey = new Map(shown.map((cause) => [`${cause.field}|${cause.reason}`, cause]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cause]) => cause);
}

function namesOf({ kind, items, metadata }: Json, { sorted }: Step, view: View): Json {
  const names = (Array.isArray(items) ? items : []).map((item) => {
    const prefix = at(item, 'metadata.generateName');
    const prefixes = typeof prefix === 'string' ? [prefix] : [];
    return normalise(at(item, 'metadata.name') ?? null, { ...view, prefixes });
  });
  const remaining = at(metadata, 'remainingItemCount');
  return {
    kind,
    names: sorted ? names.sort() : names,
    more: Boolean(at(metadata, 'continue')),
    ...(remaining === undefined ? {} : { remaining }),
  };
}

function picked(answer: Json, paths: readonly string[], view: View): Json {
  const values = paths.map((path) => {
    const found = at(answer, path);
    const last = stepsOf(path).at(-1)!;
    if (found === undefined) return [path, '<absent>'];
    return [path, (normalise({ [last]: found }, view) as Json)[last] ?? null];
  });
  return Object.fromEntries(values);
}

export interface Difference {
  readonly path: string;
  readonly expected?: unknown;
  readonly actual?: unknown;
}

const DIFFERENCES_MAX = 12;

/** Where two summaries differ. */
export function differences(expected: unknown, actual: unknown, path = ''): Difference[] {
  if (isObject(expected) && isObject(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys]
      .flatMap((key) => differences(expected[key], actual[key], path ? `${path}.${key}` : key))
      .slice(0, DIFFERENCES_MAX);
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const length = Math.max(expected.length, actual.length);
    return Array.from({ length }, (_, index) =>
      differences(expected[index], actual[index], `${path}[${index}]`),
    )
      .flat()
      .slice(0, DIFFERENCES_MAX);
  }
  const isAbsent = (expected ?? undefined) === undefined && (actual ?? undefined) === undefined;
  return expected === actual || isAbsent ? [] : [{ path, expected, actual }];
}
