import type { KubeObject } from '../meta/index.ts';
import type { ServedKind } from './kind.ts';
import { annotationsFit } from './metadata-rules.ts';

/** Where `kubectl apply` on the client's side keeps what it said last. */
const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';
/** Only who applies under this name goes on from client-side apply; another name is how to opt out. */
const MANAGER = 'kubectl';

/**
 * What the client-side apply before this one had said, in the storage version; undefined where there was none, and for managers
 * that do not go on from it. Fields of which it is still true are not in conflict with it.
 */
export function lastApplied(
  { version, apiVersion }: ServedKind,
  manager: string,
  { metadata }: KubeObject,
): KubeObject | undefined {
  const text = metadata.annotations?.[ANNOTATION];
  if (manager !== MANAGER || !text) return undefined;
  const said = parsed(text);
  if (said?.apiVersion !== (version?.face.apiVersion ?? apiVersion)) return undefined;
  return version ? version.conversion.toStorage(said) : said;
}

function parsed(text: string): KubeObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as KubeObject) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The object with what is applied now noted where client-side apply looks for it, so that one can go back to that. Objects without
 * such a note stay without, as does one that would have too much of annotations with it.
 */
export function withLastApplied(
  object: KubeObject,
  manager: string,
  config: KubeObject,
): KubeObject {
  const { annotations } = object.metadata;
  if (manager !== MANAGER || annotations?.[ANNOTATION] === undefined) return object;
  const { [ANNOTATION]: _, ...others } = annotations;
  const noted = { ...others, [ANNOTATION]: textOf(config) };
  return {
    ...object,
    metadata: { ...object.metadata, annotations: annotationsFit(noted) ? noted : others },
  };
}

/** As encoded upstream: keys in order, and a new line at the end. */
function textOf(config: KubeObject): string {
  const { annotations } = config.metadata;
  if (annotations?.[ANNOTATION] === undefined) return `${JSON.stringify(sorted(config))}\n`;
  const { [ANNOTATION]: _, ...others } = annotations;
  const metadata = { ...config.metadata, annotations: others };
  return `${JSON.stringify(sorted({ ...config, metadata }))}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}
