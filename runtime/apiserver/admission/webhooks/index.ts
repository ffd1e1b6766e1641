/**
 * Webhooks of admission: whoever a MutatingWebhookConfiguration or ValidatingWebhookConfiguration names is asked about the requests
 * that its rules mean, and may change the object or refuse the request.
 *
 * `matching.ts` says which webhooks a request concerns and in which version each knows the resource; configurations are found by the
 * resources that their rules name, so that a request costs nothing while none is there. `reviewed.ts` shows the object in that version
 * and takes a patched one back, `review.ts` is the AdmissionReview and what an answer may say, `asking.ts` the call. Those that change
 * (`mutating.ts`) go one after the other in the order of names, and again where they want it and others came after them (`rounds.ts`);
 * those that check see what will be stored.
 *
 * Invariant: what configures admission is exempt, as one could not be rid of it otherwise.
 *
 * Left out: audit annotations, since there is no audit log; those of an answer are read by nobody.
 */
export { mutatingAdmissionWebhook } from './mutating.ts';
export { Rounds } from './rounds.ts';
export { validatingAdmissionWebhook } from './validating.ts';
