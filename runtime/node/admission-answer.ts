import type { AdmissionAnswer } from '../../generated/cluster/v1/types.ts';

const JSON_TYPE = 'application/json';

interface Review {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly request?: { readonly uid?: string };
}

/** What a webhook whose verdict a behaviour says answers to a review of admission; anything else it does not understand. */
export function reviewed(
  { allowed = true, message, reason, code, patch = [], warnings }: AdmissionAnswer,
  body: string,
): { readonly status: number; readonly contentType: string; readonly body: string } {
  const review = reviewIn(body);
  if (review?.kind !== 'AdmissionReview')
    return { status: 400, contentType: 'text/plain', body: 'this is no AdmissionReview\n' };
  const { kind, apiVersion, request } = review;
  const status = { message, reason, code };
  const isSaid = message !== undefined || reason !== undefined || code !== undefined;
  const response = {
    uid: request?.uid,
    allowed,
    ...(isSaid ? { status } : {}),
    ...(patch.length > 0
      ? {
          patchType: 'JSONPatch',
          patch: Buffer.from(JSON.stringify(patch), 'utf8').toString('base64'),
        }
      : {}),
    ...(warnings ? { warnings } : {}),
  };
  return {
    status: 200,
    contentType: JSON_TYPE,
    body: JSON.stringify({ kind, apiVersion, response }),
  };
}

function reviewIn(body: string): Review | undefined {
  try {
    return JSON.parse(body) as Review;
  } catch {
    return undefined;
  }
}
