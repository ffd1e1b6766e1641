import type { Container, PodSpec, Probe, Volume } from '../../../../generated/core/v1/types.ts';
import { mapItems } from './map-items.ts';

/**
 * Defaults of a pod's spec that depend on other fields, for pods and templates alike. Remembered by identity: the pods of one
 * template carry the very spec that was completed in the template.
 */
export function completePodSpec(spec: PodSpec): PodSpec {
  let found = completed.get(spec);
  if (!found) {
    found = complete(spec);
    completed.set(spec, found);
    completed.set(found, found);
  }
  return found;
}

const completed = new WeakMap<PodSpec, PodSpec>();

function complete(spec: PodSpec): PodSpec {
  let next = withItems(withAccount(spec), 'containers', completeContainer);
  next = withItems(next, 'initContainers', completeContainer);
  next = withItems(next, 'ephemeralContainers', completeContainer);
  return withItems(next, 'volumes', completeVolume);
}

/** The account by its name of today and of before. */
function withAccount(spec: PodSpec): PodSpec {
  const name = spec.serviceAccountName || spec.serviceAccount;
  if (!name || (name === spec.serviceAccountName && name === spec.serviceAccount)) return spec;
  return { ...spec, serviceAccountName: name, serviceAccount: name };
}

/** The spec with `change` made to each item of one of its lists. */
function withItems<K extends keyof PodSpec>(
  spec: PodSpec,
  field: K,
  change: (item: never) => unknown,
): PodSpec {
  const list = spec[field] as readonly unknown[] | undefined;
  if (!list) return spec;
  const next = mapItems(list, change as (item: unknown) => unknown);
  return next === list ? spec : { ...spec, [field]: next };
}

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;

function completeContainer<T extends Partial<Container>>(container: T): T {
  let next = container;
  if (!container.imagePullPolicy && container.image)
    next = { ...next, imagePullPolicy: pullPolicyOf(container.image) };
  for (const name of PROBES) {
    const probe = next[name];
    const complete = probe && withoutZeroes(probe);
    if (complete !== probe) next = { ...next, [name]: complete };
  }
  return next;
}

/** What a probe counts by when it says 0, which is as good as nothing. */
const PROBE_DEFAULTS = {
  timeoutSeconds: 1,
  periodSeconds: 10,
  successThreshold: 1,
  failureThreshold: 3,
} as const satisfies Partial<Probe>;

function withoutZeroes(probe: Probe): Probe {
  const names = Object.keys(PROBE_DEFAULTS) as (keyof typeof PROBE_DEFAULTS)[];
  const zero = names.filter((name) => probe[name] === 0);
  if (zero.length === 0) return probe;
  return { ...probe, ...Object.fromEntries(zero.map((name) => [name, PROBE_DEFAULTS[name]])) };
}

const IMAGE_PATH =
  /^([\w.-]+(:\d+)?\/)?[a-z\d]+([._-]+[a-z\d]+)*(\/[a-z\d]+([._-]+[a-z\d]+)*)*(:[\w.-]+)?$/;

/** Always for `latest` and for images without a tag, IfNotPresent for the rest, also for what names no image at all. */
function pullPolicyOf(image: string): 'Always' | 'IfNotPresent' {
  if (image.includes('@') || !IMAGE_PATH.test(image)) return 'IfNotPresent';
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  return tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent';
}

/** A volume that does not say what it is is an empty directory. */
function completeVolume(volume: Volume): Volume {
  const sources = Object.keys(volume).filter((field) => field !== 'name');
  if (sources.length === 0) return { ...volume, emptyDir: {} };
  const { image } = volume;
  if (!image?.reference || image.pullPolicy) return volume;
  return { ...volume, image: { ...image, pullPolicy: pullPolicyOf(image.reference) } };
}
