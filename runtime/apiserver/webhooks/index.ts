/**
 * How the API server calls a webhook, of admission or of conversion: where it is, whether it is who it says it is, what it is sent
 * and how it fails, in the words of a real server.
 *
 * `call.ts` is the way in. A webhook behind a Service is the pod that its first ready endpoint names: it is asked at once, in the same
 * function call (`endpoint.ts`), over TLS of which the certificate is judged for real (`certificate.ts`) and nothing else is there. One
 * at a URL is outside of the cluster: only who serves the cluster in real time can reach it, through a `Door` (`door.ts`). A request
 * that needs an answer from there is put off and answered again, from the start, when the answer is there.
 *
 * Invariant: where no URL is asked, an answer depends on nothing but what is stored and the time of the cluster, and comes at once.
 *
 * Left out: client certificates and tokens for webhooks, which a real server reads from files; proxies; HTTP redirects.
 */
export { askWebhook, CallFailure, type HookTarget } from './call.ts';
export { judgeCertificate } from './certificate.ts';
export { Door, type OutsideCall, type OutsideReply, Unanswered } from './door.ts';
