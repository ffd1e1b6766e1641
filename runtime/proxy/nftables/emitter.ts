import type { Emitter } from '../emitter.ts';
import { NftablesRules } from './ruleset.ts';

export const nftablesEmitter: Emitter = {
  together: true,
  rules: (model) => new NftablesRules(model).fullText(),
  follow(model) {
    const rules = new NftablesRules(model);
    // What one update left unused is deleted with the next, as kube-proxy does it.
    return { update: (change) => rules.cleanup() + rules.update(change) };
  },
};
