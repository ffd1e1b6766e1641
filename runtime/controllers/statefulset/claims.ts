import type { StatefulSet } from '../../../generated/apps/v1/types.ts';
import type { PersistentVolumeClaim, Pod } from '../../../generated/core/v1/types.ts';
import type { Init } from '../../client/index.ts';
import {
  isDeleting,
  type KubeObject,
  type OwnerReference,
  ownerReference,
} from '../../meta/index.ts';

type Claim = PersistentVolumeClaim;
type ClaimTemplate = NonNullable<NonNullable<StatefulSet['spec']>['volumeClaimTemplates']>[number];
export type ClaimLookup = (name: string) => Claim | undefined;

/** The pod that claims belong to, or the name that it will have. */
export interface Member {
  readonly name: string;
  readonly ordinal: number;
  readonly pod?: Pod;
  /** Its number is not wanted any more. */
  readonly isCondemned: boolean;
}

/** What has to be done about the claims of one pod. */
export interface ClaimWork {
  readonly create: readonly Init<Claim>[];
  /** Claims that are there, as they are to be: with other owners. */
  readonly hand: readonly Claim[];
  /** Names of claims that another controller manages: the retention policy leaves them alone. */
  readonly conflicts: readonly string[];
  /** Names of claims that are being deleted, so that no pod can use them. */
  readonly leaving: readonly string[];
}

export function claimName(set: StatefulSet, template: ClaimTemplate, ordinal: number): string {
  return `${template.metadata.name}-${set.metadata.name}-${ordinal}`;
}

/** Missing claims are made only where `creates` says so. */
export function claimWork(
  set: StatefulSet,
  member: Member,
  claimNamed: ClaimLookup,
  creates: boolean,
): ClaimWork {
  const work = {
    create: [] as Init<Claim>[],
    hand: [] as Claim[],
    conflicts: [] as string[],
    leaving: [] as string[],
  };
  for (const template of set.spec?.volumeClaimTemplates ?? []) {
    const name = claimName(set, template, member.ordinal);
    const claim = claimNamed(name);
    if (!claim) {
      if (creates) work.create.push(newClaim(set, template, name));
      continue;
    }
    if (creates && isDeleting(claim)) work.leaving.push(name);
    if (isForeign(set, claim, member)) work.conflicts.push(name);
    const handed = withOwners(set, claim, member);
    if (handed !== claim) work.hand.push(handed);
  }
  return work;
}

/**
 * Whether a claim still belongs to a former pod of this name that was scaled away: it will be deleted with it, and the new
 * pod must wait for that.
 */
export function hasStaleClaim(set: StatefulSet, member: Member, claimNamed: ClaimLookup): boolean {
  if (set.spec?.persistentVolumeClaimRetentionPolicy?.whenScaled !== 'Delete') return false;
  return (set.spec.volumeClaimTemplates ?? []).some((template) => {
    const claim = claimNamed(claimName(set, template, member.ordinal));
    return claim !== undefined && referencesOf(claim).some((each) => isStale(each, podOf(member)));
  });
}

/** Also says at once who owns it, where upstream does so in a second write. */
function newClaim(set: StatefulSet, template: ClaimTemplate, name: string): Init<Claim> {
  const { labels, annotations } = template.metadata;
  const { namespace } = set.metadata;
  const { whenDeleted } = policyOf(set);
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name,
      ...(namespace ? { namespace } : {}),
      labels: { ...labels, ...set.spec?.selector.matchLabels },
      ...(annotations ? { annotations } : {}),
      ...(whenDeleted === 'Delete' ? { ownerReferences: [ownerReference(set)] } : {}),
    },
    ...(template.spec ? { spec: template.spec } : {}),
  };
}

function policyOf({
  spec,
}: StatefulSet): Required<
  NonNullable<NonNullable<StatefulSet['spec']>['persistentVolumeClaimRetentionPolicy']>
> {
  const { whenDeleted = 'Retain', whenScaled = 'Retain' } =
    spec?.persistentVolumeClaimRetentionPolicy ?? {};
  return { whenDeleted, whenScaled };
}

/**
 * The claim with the owners that the retention policy asks for, always as its controller: the set while the pod is wanted,
 * the pod itself once it is not. One that belongs to a former set or pod of these names is left to the garbage collector.
 */
function withOwners(set: StatefulSet, claim: Claim, member: Member): Claim {
  const references = referencesOf(claim);
  const pod = podOf(member);
  if (references.some((each) => isStale(each, set) || isStale(each, pod))) return claim;
  const isOurs = (each: OwnerReference): boolean => names(each, set) || names(each, pod);
  const ours = references.filter(isOurs);
  const wanted = isForeign(set, claim, member) ? [] : wantedOwners(set, member);
  const isSame =
    ours.length === wanted.length &&
    wanted.every(({ uid }) => ours.some((each) => each.uid === uid && each.controller === true));
  if (isSame) return claim;
  const others = references.filter((each) => !isOurs(each));
  return { ...claim, metadata: { ...claim.metadata, ownerReferences: [...others, ...wanted] } };
}

function wantedOwners(set: StatefulSet, member: Member): OwnerReference[] {
  const { whenDeleted, whenScaled } = policyOf(set);
  if (member.isCondemned && whenScaled === 'Delete') return [ownerReference(podOf(member))];
  return whenDeleted === 'Delete' ? [ownerReference(set)] : [];
}

/** Whether somebody else controls the claim while the set has something to say about it. */
function isForeign(set: StatefulSet, claim: Claim, member: Member): boolean {
  const { whenDeleted, whenScaled } = policyOf(set);
  if (whenDeleted === 'Retain' && whenScaled === 'Retain') return false;
  const pod = podOf(member);
  return referencesOf(claim).some((each) => {
    if (names(each, set) || names(each, pod)) return isStale(each, set) || isStale(each, pod);
    return each.controller === true;
  });
}

function referencesOf({ metadata }: Claim): readonly OwnerReference[] {
  return metadata.ownerReferences ?? [];
}

function podOf({ name, pod }: Member): KubeObject {
  return pod ?? { apiVersion: 'v1', kind: 'Pod', metadata: { name } };
}

function names(reference: OwnerReference, { apiVersion, kind, metadata }: KubeObject): boolean {
  return (
    reference.apiVersion === apiVersion &&
    reference.kind === kind &&
    reference.name === metadata.name
  );
}

function isStale(reference: OwnerReference, object: KubeObject): boolean {
  return names(reference, object) && reference.uid !== (object.metadata.uid ?? '');
}
