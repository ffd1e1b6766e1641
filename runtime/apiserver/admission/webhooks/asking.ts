import { ApiError, badRequest, internalError, type Status } from '../../../meta/index.ts';
import type { Core } from '../../core.ts';
import { askWebhook, CallFailure, type HookTarget, Unanswered } from '../../webhooks/index.ts';
import type { AdmissionAttributes } from '../plugin.ts';
import type { AnyWebhook } from './matching.ts';
import { reviewOf, type Verdict, type VerdictStatus, verdictOf } from './review.ts';
import type { Reviewed } from './reviewed.ts';

const TIMEOUT_SECONDS = 10;
const DRY = new Set(['None', 'NoneOnDryRun']);

/** What came of asking a webhook: its verdict, or why there is none. */
export type Asked = { readonly tookMs: number } & (
  | { readonly verdict: Verdict }
  | { readonly failure: string }
);

/** Asks a webhook about a request. Throws a refusal where it must not be asked about one that is only tried. */
export function ask(
  webhook: AnyWebhook,
  attributes: AdmissionAttributes,
  reviewed: Reviewed,
  { core, isMutating }: { readonly core: Core; readonly isMutating: boolean },
): Asked {
  const { name, sideEffects, timeoutSeconds = TIMEOUT_SECONDS } = webhook;
  if (attributes.dryRun && !DRY.has(sideEffects))
    throw badRequest(`admission webhook "${name}" does not support dry run`);
  try {
    const review = reviewOf(attributes, reviewed, webhook, core);
    const target = webhook.clientConfig as HookTarget;
    const how = { timeoutSeconds, key: review.key };
    const { value, tookMs } = called(core, target, review.body, how);
    return { verdict: understood(() => verdictOf(review, value, isMutating)), tookMs };
  } catch (error) {
    if (error instanceof ApiError || error instanceof Unanswered) throw error;
    const tookMs = error instanceof CallFailure ? error.tookMs : 0;
    return { failure: (error as Error).message, tookMs };
  }
}

function called(
  core: Core,
  target: HookTarget,
  body: object,
  how: { readonly timeoutSeconds: number; readonly key: string },
) {
  try {
    return askWebhook(core, target, body, how);
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    throw new CallFailure(`failed to call webhook: ${error.message}`, error.tookMs);
  }
}

function understood(read: () => Verdict): Verdict {
  try {
    return read();
  } catch (error) {
    if (error instanceof CallFailure) throw error;
    throw new CallFailure(`received invalid webhook response: ${(error as Error).message}`);
  }
}

/** The refusal of a request because a webhook that must be asked could not be. */
export const uncalled = (name: string, failure: string): ApiError =>
  internalError(`failed calling webhook "${name}": ${failure}`);

const CODE_MIN = 400;

/** The refusal that a webhook has spoken, with its own code and reason. */
export function denied(name: string, said: VerdictStatus = {}): ApiError {
  const { message, reason = '', code = 0, status } = said;
  const by = `admission webhook "${name}" denied the request`;
  const why = message || reason;
  const refusal = {
    ...said,
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: !status || status === 'Success' ? 'Failure' : status,
    message: why ? `${by}: ${why}` : `${by} without explanation`,
    code: Math.max(code, CODE_MIN),
    reason,
  };
  return new ApiError(refusal as unknown as Status);
}
