import { FORMAT_COMPLAINTS } from '../../generator/model/index.ts';
import { isDeleting, type ObjectMeta, type OwnerReference } from '../meta/index.ts';
import type { ServedKind } from './kind.ts';
import { forbidden, invalid, type Problem, required, tooLong } from './strategies/problem.ts';

const NONE: readonly Problem[] = [];
const ANNOTATIONS = 'metadata.annotations';
const ANNOTATIONS_MAX = 262_144;

/** The name in the format of the kind, and `generateName` as the start of one. */
export function nameProblems(kind: ServedKind, metadata: ObjectMeta): readonly Problem[] {
  const { name, generateName } = metadata;
  const complaints = FORMAT_COMPLAINTS[kind.descriptor.nameFormat];
  const wrongPrefix = generateName ? complaints(asName(generateName)) : [];
  const wrong = name ? complaints(name) : [];
  if (name && wrong.length + wrongPrefix.length === 0) return NONE;
  return [
    ...wrongPrefix.map((each) => invalid('metadata.generateName', generateName, each)),
    ...(name ? [] : [required('metadata.name', 'name or generateName is required')]),
    ...wrong.map((each) => invalid('metadata.name', name, each)),
  ];
}

/** A prefix may end in the dash that will stand in the middle of the name. */
function asName(prefix: string): string {
  return prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -1)}a` : prefix;
}

/** What a client must not change of the metadata. The time of creation it cannot change either, and is not told so. */
export function changeProblems(given: ObjectMeta, live: ObjectMeta): Problem[] {
  const problems: Problem[] = [];
  const isGoing = isDeleting({ metadata: live });
  const { deletionTimestamp: time, deletionGracePeriodSeconds: grace } = given;
  if (time && !isGoing)
    problems.push(invalid('metadata.deletionTimestamp', time, 'field is immutable'));
  if (grace !== undefined && grace !== null && grace !== live.deletionGracePeriodSeconds)
    problems.push(invalid('metadata.deletionGracePeriodSeconds', grace, 'field is immutable'));
  const added = isGoing
    ? (given.finalizers ?? []).filter((each) => !live.finalizers?.includes(each))
    : [];
  if (added.length > 0)
    problems.push(
      forbidden(
        'metadata.finalizers',
        'no new finalizers can be added if the object is being deleted, found new finalizers ' +
          `[]string{${added.map((each) => JSON.stringify(each)).join(', ')}}`,
      ),
    );
  return problems;
}

/**
 * What no schema can say against metadata; `found` is what it did say, and is given back with it. Only what is not stored already is
 * looked at.
 */
export function metadataProblems(
  metadata: ObjectMeta,
  old: ObjectMeta | undefined,
  found: readonly Problem[],
): readonly Problem[] {
  const { ownerReferences: owners, annotations } = metadata;
  const newOwners = owners && owners !== old?.ownerReferences ? ownerProblems(owners) : NONE;
  const newNotes =
    annotations && annotations !== old?.annotations ? sizeProblems(annotations) : NONE;
  const rest =
    found.length > 0 && found.some(({ field }) => field === ANNOTATIONS)
      ? [...found.filter(({ field }) => field !== ANNOTATIONS), ...keyProblems(annotations)]
      : found;
  return newOwners.length + newNotes.length === 0 ? rest : [...rest, ...newOwners, ...newNotes];
}

const OWNERS = 'metadata.ownerReferences';

function ownerProblems(owners: readonly OwnerReference[]): readonly Problem[] {
  const controllers = owners.filter(({ controller }) => controller);
  const isEvent = ({ apiVersion, kind }: OwnerReference): boolean =>
    apiVersion === 'v1' && kind === 'Event';
  if (controllers.length < 2 && !owners.some(isEvent)) return NONE;
  const problems: Problem[] = owners
    .filter(isEvent)
    .map((owner) => invalid(OWNERS, owner, '/v1, Kind=Event is disallowed from being an owner'));
  const [first, second] = controllers.map(({ kind, name }) => `${kind}/${name}`);
  if (second !== undefined)
    problems.push(
      invalid(
        OWNERS,
        owners,
        'Only one reference can have Controller set to true. ' +
          `Found "true" in references for ${first} and ${second}`,
      ),
    );
  return problems;
}

type Annotations = NonNullable<ObjectMeta['annotations']>;

/** Whether all annotations of an object together are not too much. */
export const annotationsFit = (annotations: Annotations): boolean =>
  sizeProblems(annotations).length === 0;

function sizeProblems(annotations: Annotations): readonly Problem[] {
  let characters = 0;
  for (const key in annotations) characters += key.length + annotations[key]!.length;
  // No character takes more than three bytes.
  if (characters * 3 <= ANNOTATIONS_MAX) return NONE;
  const bytes = Object.entries(annotations).reduce(
    (sum, [key, text]) => sum + Buffer.byteLength(key) + Buffer.byteLength(text),
    0,
  );
  return bytes > ANNOTATIONS_MAX ? [tooLong(ANNOTATIONS, ANNOTATIONS_MAX)] : NONE;
}

/** Keys of annotations, unlike those of labels, may have capitals in their domain. */
function keyProblems(annotations: Annotations = {}): Problem[] {
  return Object.keys(annotations).flatMap((key) => {
    const wrong = FORMAT_COMPLAINTS['label-key'](key.toLowerCase());
    return wrong.map((each) => invalid(ANNOTATIONS, key, each));
  });
}
