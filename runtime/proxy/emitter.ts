import type { ModelChange, RuleModel } from './model/index.ts';

/** How one mode turns a model into text for the kernel. Pure but for what a follower remembers. */
export interface Emitter {
  /** Whether the texts of both IP families may be loaded as one; otherwise each has a program of its own. */
  readonly together: boolean;
  /** Everything, for a kernel that has no rules yet. */
  rules(model: RuleModel): string;
  /** Follows a model that was loaded with `rules`: each update is the text for one change, in the order of commits. */
  follow(model: RuleModel): { update(change: ModelChange): string };
}
