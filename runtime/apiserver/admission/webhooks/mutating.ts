import type { MutatingWebhook } from '../../../../generated/admissionregistration/v1/types.ts';
import { internalError, jsonEqual, type KubeObject } from '../../../meta/index.ts';
import type { Core } from '../../core.ts';
import type { AdmissionAttributes, AdmissionPlugin } from '../plugin.ts';
import { ask, denied, uncalled } from './asking.ts';
import { type Hook, hooksOf, matchedBy } from './matching.ts';
import { applied, operationsIn } from './patching.ts';
import type { Verdict } from './review.ts';
import type { Reviewed } from './reviewed.ts';

const CONFIGURATIONS = 'mutatingwebhookconfigurations.admissionregistration.k8s.io';

/** Asks the webhooks that may change objects, each about what the one before it left. */
export const mutatingAdmissionWebhook: AdmissionPlugin = {
  name: 'MutatingAdmissionWebhook',
  mutate(attributes, core) {
    const hooks = hooksOf<MutatingWebhook>(CONFIGURATIONS, attributes, core);
    if (hooks.length === 0) return attributes.object;
    const { rounds } = attributes;
    rounds?.begin(attributes.object);
    let current = attributes;
    for (const hook of hooks) {
      const object = mutated(hook, current, core);
      if (object !== current.object) current = { ...current, object };
    }
    rounds?.end(current.object);
    return current.object;
  },
};

/** The object as one webhook leaves it. */
function mutated(
  { configuration, at, webhook }: Hook<MutatingWebhook>,
  attributes: AdmissionAttributes,
  core: Core,
): KubeObject {
  const { rounds, request, object } = attributes;
  const reviewed = matchedBy(webhook, attributes, core);
  const id = `${configuration}/${webhook.name}/${at}`;
  if (!reviewed || rounds?.isSkipped(id)) return object;
  const { exchange } = request ?? {};
  const { name, failurePolicy, reinvocationPolicy } = webhook;
  const result = ask(webhook, attributes, reviewed, { core, isMutating: true });
  if (exchange) exchange.tookMs += result.tookMs;
  let changed = object;
  let failure = 'failure' in result ? result.failure : undefined;
  if ('verdict' in result) {
    exchange?.warnings.push(...result.verdict.warnings);
    if (!result.verdict.allowed) throw denied(name, result.verdict.status);
    const patched = patchedBy(name, result.verdict, attributes, reviewed);
    if ('failure' in patched) failure = patched.failure;
    else changed = patched.object;
  }
  if (failure !== undefined && failurePolicy !== 'Ignore') throw uncalled(name, failure);
  if (changed !== object && exchange) exchange.isPatched = true;
  rounds?.done(id, reinvocationPolicy === 'IfNeeded', changed !== object);
  return changed;
}

type Patched = { readonly object: KubeObject } | { readonly failure: string };

/** The object with a webhook's patch; the very same one where that changes nothing. */
function patchedBy(
  name: string,
  { patch, patchType }: Verdict,
  { object, operation }: AdmissionAttributes,
  reviewed: Reviewed,
): Patched {
  if (patch === '') return { object };
  const operations = operationsIn(patch);
  if (typeof operations === 'string')
    return { failure: `received undecodable patch in webhook response: ${operations}` };
  if (operations.length === 0) return { object };
  if (operation === 'DELETE')
    throw internalError(
      `admission webhook "${name}" attempted to modify the object, which is not supported for this operation`,
    );
  if (patchType !== 'JSONPatch') return { failure: `unsupported patch type "${patchType}"` };
  const shown = reviewed.show(object);
  const patched = applied(shown, operations);
  if (jsonEqual(patched, shown)) return { object };
  const taken = reviewed.take(patched, object);
  return { object: jsonEqual(taken, object) ? object : taken };
}
