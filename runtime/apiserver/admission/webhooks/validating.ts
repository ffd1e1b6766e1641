import type { ValidatingWebhook } from '../../../../generated/admissionregistration/v1/types.ts';
import type { AdmissionPlugin } from '../plugin.ts';
import { ask, denied, uncalled } from './asking.ts';
import { hooksOf, matchedBy } from './matching.ts';

const CONFIGURATIONS = 'validatingwebhookconfigurations.admissionregistration.k8s.io';

/** Asks the webhooks that may refuse a request. All are asked at the same time; of several refusals the first counts. */
export const validatingAdmissionWebhook: AdmissionPlugin = {
  name: 'ValidatingAdmissionWebhook',
  validate(attributes, core) {
    const hooks = hooksOf<ValidatingWebhook>(CONFIGURATIONS, attributes, core);
    const { exchange } = attributes.request ?? {};
    const matched = hooks.flatMap(({ webhook }) => {
      const reviewed = matchedBy(webhook, attributes, core);
      return reviewed ? [{ webhook, reviewed }] : [];
    });
    let slowestMs = 0;
    let refusal: Error | undefined;
    for (const { webhook, reviewed } of matched) {
      const result = ask(webhook, attributes, reviewed, { core, isMutating: false });
      slowestMs = Math.max(slowestMs, result.tookMs);
      const { name, failurePolicy } = webhook;
      if ('failure' in result) {
        if (failurePolicy !== 'Ignore') refusal ??= uncalled(name, result.failure);
        continue;
      }
      exchange?.warnings.push(...result.verdict.warnings);
      if (!result.verdict.allowed) refusal ??= denied(name, result.verdict.status);
    }
    if (exchange) exchange.tookMs += slowestMs;
    if (refusal) throw refusal;
  },
};
