import type { Emitter } from '../emitter.ts';
import { Follower } from './follow.ts';
import { kernelText } from './text.ts';

export const iptablesEmitter: Emitter = {
  together: false,
  rules: kernelText,
  follow: (model) => new Follower(model),
};
