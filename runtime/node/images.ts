import type { Container } from '../../generated/core/v1/types.ts';
import { hash32, hexOf } from './hash.ts';
import type { Failures } from './script.ts';

/** What is known of fetching one image. */
export interface Pull {
  readonly durationMs: number;
  readonly sizeBytes: number;
  readonly failures: Failures;
}

const DEFAULT_PULL_MIN_MS = 500;
const DEFAULT_PULL_SPREAD_MS = 1_500;
const MEGABYTE = 1_000_000;

/** An image that nothing describes: fetched in 0.5 to 2 s, 20 to 320 MB, both by its name. */
export function defaultPull(image: string): Pull {
  return {
    durationMs: DEFAULT_PULL_MIN_MS + (hash32(image, 1) % (DEFAULT_PULL_SPREAD_MS + 1)),
    sizeBytes: 20 * MEGABYTE + (hash32(image, 2) % (300 * MEGABYTE)),
    failures: { times: 0, reason: 'ErrImagePull', message: pullError(image) },
  };
}

/** What a registry answers for an image that does not exist. */
export function pullError(image: string): string {
  const full = qualified(image);
  return (
    `rpc error: code = NotFound desc = failed to pull and unpack image "${full}": ` +
    `failed to resolve reference "${full}": ${full}: not found`
  );
}

/** Always for `latest` or no tag, else IfNotPresent; the API server's default, for objects that came around it. */
export function pullPolicyOf(container: Container): 'Always' | 'IfNotPresent' | 'Never' {
  const policy = container.imagePullPolicy;
  if (policy === 'Always' || policy === 'IfNotPresent' || policy === 'Never') return policy;
  const image = container.image ?? '';
  return /:latest$/.test(image) || !/[:@][^/]*$/.test(image) ? 'Always' : 'IfNotPresent';
}

/** With registry and tag: `nginx` is `docker.io/library/nginx:latest`. */
export function qualified(image: string): string {
  const [first = '', ...rest] = image.split('/');
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const path = hasHost
    ? image
    : rest.length > 0
      ? `docker.io/${image}`
      : `docker.io/library/${image}`;
  return /[:@][^/]*$/.test(path) ? path : `${path}:latest`;
}

const digests = new Map<string, string>();
const DIGESTS_MAX = 4096;

/** `docker.io/library/nginx@sha256:…`: how a runtime names the image it has. */
export function imageId(image: string): string {
  const known = digests.get(image);
  if (known) return known;
  const full = qualified(image);
  const at = full.indexOf('@');
  const id = at >= 0 ? full : `${full.replace(/:[^/:]*$/, '')}@sha256:${hexOf(full, 64)}`;
  if (digests.size >= DIGESTS_MAX) digests.clear();
  digests.set(image, id);
  return id;
}
