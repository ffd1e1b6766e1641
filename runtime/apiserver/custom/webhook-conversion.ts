import type {
  CustomResourceConversion,
  WebhookConversion,
} from '../../../generated/apiextensions/v1/types.ts';
import { FORMAT_CHECKS } from '../../../generator/model/index.ts';
import { uid as newUid, Random } from '../../base/index.ts';
import { isApiError, type KubeObject, type ObjectMeta, unknownError } from '../../meta/index.ts';
import type { Core } from '../core.ts';
import { askWebhook, CallFailure, type HookTarget } from '../webhooks/index.ts';
import type { Definition } from './definition.ts';

/** Objects of one kind in another version, in their order. Throws an ApiError where they cannot be had. */
export type Convert = (objects: readonly KubeObject[], apiVersion: string) => readonly KubeObject[];

const GROUP = 'apiextensions.k8s.io';
const REVIEWS = ['v1', 'v1beta1'];
/** Of clients of webhooks that nobody gives another. */
const TIMEOUT_SECONDS = 30;

/** By whom a definition has its objects converted; undefined where only their apiVersion changes. */
export function conversionHook({ spec }: Definition): WebhookConversion | undefined {
  const { strategy, webhook } = (spec.conversion ?? {}) as Partial<CustomResourceConversion>;
  return strategy === 'Webhook' ? webhook : undefined;
}

/**
 * Asks a webhook to convert objects, all of one request at once. What names them must stay, and of their metadata it may change
 * labels and annotations only. The uid of a review follows from what is asked: reading draws nothing.
 */
export function convertBy(
  core: Core,
  { clientConfig, conversionReviewVersions = [] }: WebhookConversion,
  objects: readonly KubeObject[],
  { apiVersion: wanted, what }: { readonly apiVersion: string; readonly what: string },
): readonly KubeObject[] {
  const version = conversionReviewVersions.find((each) => REVIEWS.includes(each));
  if (version === undefined) throw unknownError('no supported conversion review versions');
  const request = { desiredAPIVersion: wanted, objects };
  const key = JSON.stringify(request);
  const uid = newUid(Random.seeded(key));
  const apiVersion = `${GROUP}/${version}`;
  const review = { kind: 'ConversionReview', apiVersion, request: { uid, ...request } };
  let answer: Readonly<Record<string, unknown>>;
  try {
    const target = clientConfig as HookTarget;
    answer = askWebhook(core, target, review, { timeoutSeconds: TIMEOUT_SECONDS, key }).value;
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    throw unknownError(`conversion webhook for ${what} failed: ${error.message}`);
  }
  const converted = convertedIn(answer, { uid, version });
  if (typeof converted === 'string')
    throw unknownError(`conversion webhook for ${what} failed: ${converted}`);
  if (converted.length !== objects.length)
    throw unknownError(
      `conversion webhook for ${what} returned ${converted.length} objects, expected ${objects.length}`,
    );
  return objects.map((object, at) => {
    const made = accepted(object, converted[at], wanted);
    if (!('why' in made)) return made;
    const [alone, among] = PLACES[made.wrong];
    const place = objects.length === 1 ? alone : `${among} ${at}`;
    throw unknownError(`conversion webhook for ${what} returned invalid ${place}: ${made.why}`);
  });
}

interface Response {
  readonly uid?: string;
  readonly result?: { readonly status?: string; readonly message?: string };
  readonly convertedObjects?: readonly unknown[] | null;
}

/** The objects of an answer, or why there are none. */
function convertedIn(
  { kind, apiVersion, response }: Readonly<Record<string, unknown>>,
  { uid, version }: { readonly uid: string; readonly version: string },
): readonly unknown[] | string {
  const wanted = `${GROUP}/${version}`;
  const isOther = kind !== 'ConversionReview' || apiVersion !== wanted;
  if (version === 'v1' && isOther)
    return `expected webhook response of ${wanted}, Kind=ConversionReview, got ${apiVersion}, Kind=${kind}`;
  const said = (response ?? undefined) as Response | undefined;
  if (!said) return 'no response provided';
  if (version === 'v1' && said.uid !== uid)
    return `expected response.uid="${uid}", got "${said.uid ?? ''}"`;
  const { status = '', message = '' } = said.result ?? {};
  if (status !== 'Success')
    return message || `response.result.status was '${status}', not 'Success'`;
  return said.convertedObjects ?? [];
}

type Field = 'name' | 'namespace' | 'uid';

const IDENTITY: readonly (readonly [Field, string])[] = [
  ['name', 'name'],
  ['namespace', 'namespace'],
  ['uid', 'UID'],
];

/** Why an object is no conversion of another, and what of it is wrong. */
interface Wrong {
  readonly wrong: 'type' | 'identity' | 'metadata';
  readonly why: string;
}

/** How what is wrong is called in an object by itself, and in one of a list before its number. */
const PLACES: Readonly<Record<Wrong['wrong'], readonly [alone: string, among: string]>> = {
  type: ['object at index 0', 'converted object at index'],
  identity: ['object', 'converted object at index'],
  metadata: ['metadata', 'metadata in object at index'],
};

/** A converted object with the metadata of the original but for labels and annotations. */
function accepted(original: KubeObject, value: unknown, wanted: string): KubeObject | Wrong {
  const found = (value ?? {}) as Partial<KubeObject>;
  const { apiVersion = '', kind = '', metadata } = found;
  const of = (wrong: Wrong['wrong'], why: string): Wrong => ({ wrong, why });
  if (apiVersion !== wanted)
    return of('type', `invalid groupVersion (expected ${wanted}, received ${apiVersion})`);
  if (kind !== original.kind)
    return of('type', `invalid kind (expected ${original.kind}, received ${kind})`);
  for (const [field, called] of IDENTITY) {
    const [before = '', after = ''] = [original.metadata[field], metadata?.[field]];
    if (before !== after)
      return of('identity', `must have the same ${called}: ${before} != ${after}`);
  }
  if (!metadata) return of('metadata', 'missing metadata in converted object');
  const restored = restoredMetadata(original.metadata, metadata);
  if (typeof restored === 'string') return of('metadata', restored);
  return { ...found, metadata: restored } as KubeObject;
}

type Notes = Readonly<Record<string, string>>;

function restoredMetadata(original: ObjectMeta, given: ObjectMeta): ObjectMeta | string {
  const { labels: _, annotations: __, ...kept } = original;
  const notes: Record<string, Notes> = {};
  for (const field of ['labels', 'annotations'] as const) {
    const values = given[field] as Readonly<Record<string, unknown>> | undefined | null;
    if (values === undefined || values === null) continue;
    for (const [name, value] of Object.entries(values)) {
      if (typeof value !== 'string')
        return `metadata.${field}[${name}] must be a string, but is ${typeof value} in converted object`;
      const wrong = original[field]?.[name] === value ? undefined : noteProblem(field, name, value);
      if (wrong !== undefined) return wrong;
    }
    notes[field] = values as Notes;
  }
  return { ...kept, ...notes };
}

const isKey = FORMAT_CHECKS['label-key'];
const isValue = FORMAT_CHECKS['label-value'];

function noteProblem(field: 'labels' | 'annotations', name: string, value: string) {
  const wrongKey = isKey(field === 'annotations' ? name.toLowerCase() : name);
  const path = field === 'labels' ? 'metadata.labels' : 'metadata.annotation';
  if (wrongKey) return `${path}: Invalid value: "${name}": ${wrongKey}`;
  const wrong = field === 'labels' ? isValue(value) : undefined;
  return wrong ? `${path}: Invalid value: "${value}": ${wrong}` : undefined;
}

/** What is shown where a conversion fails to those who only want to know which objects there are. */
export function orPlain(
  convert: () => KubeObject,
  object: KubeObject,
  apiVersion: string,
): KubeObject {
  try {
    return convert();
  } catch (error) {
    if (!isApiError(error)) throw error;
    return { ...object, apiVersion };
  }
}
