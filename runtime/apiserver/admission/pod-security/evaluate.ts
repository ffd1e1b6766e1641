import type { PodSpec } from '../../../../generated/core/v1/types.ts';
import type { ObjectMeta } from '../../../meta/index.ts';
import { BASELINE } from './baseline.ts';
import type { Check, CheckPod, Violation } from './check.ts';
import { type LevelVersion, levelText } from './policy.ts';
import { RESTRICTED } from './restricted.ts';

/** All that a level has against a pod, as text: the reasons, and the reasons with their details. Both empty where there is nothing. */
export interface Violations {
  readonly reasons: string;
  readonly details: string;
}

const CLEAN: Violations = { reasons: '', details: '' };
/** Annotations that say of a pod what fields say today. */
const JUDGED_NOTES = /^(container\.apparmor|(container\.)?seccomp)\.security\./;

const checks = new Map<string, readonly CheckPod[]>();
const known = new WeakMap<PodSpec, Map<string, Violations>>();

/** What a level has against a pod of this spec and with these annotations; remembered by the spec where no annotation counts. */
export function violations(level: LevelVersion, metadata: ObjectMeta, spec: PodSpec): Violations {
  const name = levelText(level);
  const hasNotes = Object.keys(metadata.annotations ?? {}).some((key) => JUDGED_NOTES.test(key));
  if (hasNotes) return judged(level, name, metadata, spec);
  let found = known.get(spec);
  if (!found) {
    found = new Map();
    known.set(spec, found);
  }
  let result = found.get(name);
  if (!result) {
    result = judged(level, name, {}, spec);
    found.set(name, result);
  }
  return result;
}

function judged(
  level: LevelVersion,
  name: string,
  metadata: ObjectMeta,
  spec: PodSpec,
): Violations {
  let asked = checks.get(name);
  if (!asked) {
    asked = checksOf(level);
    checks.set(name, asked);
  }
  const found = asked
    .map((check) => check(spec, metadata))
    .filter((each): each is Violation => each !== undefined);
  if (found.length === 0) return CLEAN;
  return {
    reasons: found.map(({ reason }) => reason).join(', '),
    details: found
      .map(({ reason, detail }) => (detail === '' ? reason : `${reason} (${detail})`))
      .join(', '),
  };
}

/** Those of the baseline first, but for what a stricter check stands for. */
function checksOf({ level, minor }: LevelVersion): readonly CheckPod[] {
  if (level === 'privileged') return [];
  const formOf = ({ versions }: Check): CheckPod | undefined =>
    versions.findLast(([since]) => minor === 'latest' || since <= minor)?.[1];
  const restricted = level === 'restricted' ? RESTRICTED.filter(formOf) : [];
  const overridden = new Set(restricted.map(({ overrides }) => overrides));
  const baseline = BASELINE.filter(({ id }) => !overridden.has(id));
  return [...baseline, ...restricted].flatMap((check) => formOf(check) ?? []);
}
