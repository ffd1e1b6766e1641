import type { Emitter } from '../emitter.ts';
import { IpvsRules } from './ruleset.ts';

export const ipvsEmitter: Emitter = {
  together: true,
  rules: (model) => new IpvsRules(model).fullText(),
  follow: (model) => new IpvsRules(model),
};
