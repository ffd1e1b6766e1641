import type { ModelChange, RuleModel } from './model/index.ts';

/** How one mode turns a model into text for the kernel. Pure but for what a follower remembers. */
export interface Emitter {
  /** Everything, for a kernel that has no rules yet. */
  rules(model: RuleModel): string;
  /** Follows a model that was loaded with `rules`: each update is the text for one change, in the order of commits. */
  follow(model: RuleModel): { update(change: ModelChange): string };
}
