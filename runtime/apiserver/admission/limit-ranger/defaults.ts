import type { Container, LimitRange, Pod, PodSpec } from '../../../../generated/core/v1/types.ts';
import type { KubeObject } from '../../../meta/index.ts';

type List = Readonly<Record<string, string | number>>;
interface Defaults {
  readonly requests: List;
  readonly limits: List;
}
interface Completed {
  readonly spec: PodSpec;
  /** What was filled in, in words; '' for nothing. */
  readonly note: string;
}

const ANNOTATION = 'kubernetes.io/limit-ranger';

/** The pod with what its containers do not say of themselves, and an annotation that tells what that was. */
export function withDefaults(
  pod: KubeObject & Pod,
  range: KubeObject & LimitRange,
): KubeObject & Pod {
  if (!pod.spec) return pod;
  const { spec, note } = completed(pod.spec, range);
  if (spec === pod.spec) return pod;
  const annotations = {
    ...pod.metadata.annotations,
    [ANNOTATION]: `LimitRanger plugin set: ${note}`,
  };
  return { ...pod, metadata: { ...pod.metadata, annotations }, spec };
}

const known = new WeakMap<LimitRange, WeakMap<PodSpec, Completed>>();

function completed(spec: PodSpec, range: LimitRange): Completed {
  const ofRange = known.get(range) ?? new WeakMap<PodSpec, Completed>();
  known.set(range, ofRange);
  let found = ofRange.get(spec);
  if (!found) {
    found = complete(spec, defaultsOf(range));
    ofRange.set(spec, found);
    ofRange.set(found.spec, { spec: found.spec, note: '' });
  }
  return found;
}

function defaultsOf({ spec }: LimitRange): Defaults {
  const items = (spec?.limits ?? []).filter(({ type }) => type === 'Container');
  return {
    requests: Object.assign({}, ...items.map((item) => item.defaultRequest)),
    limits: Object.assign({}, ...items.map((item) => item.default)),
  };
}

const LISTS = [
  ['containers', 'container'],
  ['initContainers', 'init container'],
] as const;

function complete(spec: PodSpec, defaults: Defaults): Completed {
  const notes: string[] = [];
  let next = spec;
  for (const [field, word] of LISTS) {
    const containers = spec[field]?.map((each) => completeOne(each, defaults, word, notes));
    if (containers?.some((each, at) => each !== spec[field]?.[at]))
      next = { ...next, [field]: containers };
  }
  return { spec: next, note: notes.join('; ') };
}

/** What a container limits and does not ask for it asks for in full: that is no default of the range. */
function completeOne(
  container: Container,
  defaults: Defaults,
  word: string,
  notes: string[],
): Container {
  const { limits = {}, requests = {}, ...rest } = container.resources ?? {};
  const newLimits = missing(defaults.limits, limits);
  const newRequests = missing(defaults.requests, { ...limits, ...requests });
  if (newLimits.length === 0 && newRequests.length === 0) return container;
  const say = (names: readonly string[], what: string): void => {
    if (names.length > 0) notes.push(`${names.join(', ')} ${what} for ${word} ${container.name}`);
  };
  say(newRequests, 'request');
  say(newLimits, 'limit');
  const own = missing(limits, requests);
  const resources = {
    ...rest,
    limits: { ...limits, ...chosen(defaults.limits, newLimits) },
    requests: {
      ...requests,
      ...chosen(limits, own),
      ...chosen(defaults.requests, newRequests),
    },
  };
  return { ...container, resources } as Container;
}

const missing = (wanted: List, given: List): string[] =>
  Object.keys(wanted)
    .filter((name) => !(name in given))
    .sort();

const chosen = (list: List, names: readonly string[]): List =>
  Object.fromEntries(names.map((name) => [name, list[name]!]));
