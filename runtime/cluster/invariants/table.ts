import type { RuleMaker } from './rule.ts';
import { boundOnce } from './rules/bound-once.ts';
import { budget } from './rules/budget.ts';
import { committed } from './rules/committed.ts';
import { endpoints } from './rules/endpoints.ts';
import { finalizers } from './rules/finalizers.ts';
import { owners } from './rules/owners.ts';
import { quota } from './rules/quota.ts';
import { revisions } from './rules/revisions.ts';
import { surplus } from './rules/surplus.ts';

/** Every rule, in the order in which they are asked. */
export const RULES: readonly RuleMaker[] = [
  revisions,
  finalizers,
  owners,
  boundOnce,
  committed,
  budget,
  quota,
  endpoints,
  surplus,
];
