import { invalid, type Problem, required } from '../problem.ts';
import type { StoredDefinition } from './validate.ts';

const APPROVED = 'api-approved.kubernetes.io';
const PROTECTED = /(^|\.)(k8s|kubernetes)\.io$/;
const SEE = 'see https://github.com/kubernetes/enhancements/pull/1111';

/** Groups of Kubernetes' own want to be told who has approved of a kind of theirs. */
export function approvalProblems(
  { metadata, spec }: StoredDefinition,
  old: StoredDefinition | undefined,
): Problem[] {
  if (!PROTECTED.test(spec?.group ?? '')) return [];
  const said = metadata.annotations?.[APPROVED] ?? '';
  const state = stateOf(said);
  if (old && stateOf(old.metadata.annotations?.[APPROVED] ?? '') === state) return [];
  const at = `metadata.annotations[${APPROVED}]`;
  const must = `protected groups must have approval annotation "${APPROVED}"`;
  if (state === 'missing') return [required(at, `${must}, ${SEE}`)];
  if (state !== 'invalid') return [];
  const ways = 'with either a URL or a reason starting with "unapproved"';
  return [invalid(at, said, `${must} ${ways}, ${SEE}`)];
}

function stateOf(said: string): 'missing' | 'bypassed' | 'approved' | 'invalid' {
  if (said === '') return 'missing';
  if (said.startsWith('unapproved')) return 'bypassed';
  return /^[a-z][a-z0-9+.-]*:\/\/[^/]+/i.test(said) ? 'approved' : 'invalid';
}
