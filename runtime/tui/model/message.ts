import type { ManifestError, ProcessEnd } from '../../client/index.ts';
import type { Action, ActionVerb, Target } from './action.ts';
import type { LogLine } from './state.ts';
import type { DirEntry } from './view.ts';
import type { Moment } from './world.ts';

/** A page that is a list of something other than one kind's objects. */
export type ListPage =
  | 'convergence'
  | 'kinds'
  | 'sleepers'
  | 'queues'
  | 'timeline'
  | 'causes'
  | 'containers'
  | 'used-by'
  | 'diff'
  | 'flows'
  | 'xray'
  | 'faults'
  | 'changes'
  | 'outcomes'
  | 'watches'
  | 'can'
  | 'contexts'
  | 'forwards'
  | 'dir'
  | 'pulses';

/** Pages that are about the chosen object. */
export type SubjectPage = Extract<
  ListPage,
  'timeline' | 'containers' | 'used-by' | 'diff' | 'flows' | 'xray' | 'can' | 'forwards'
>;

/** What may be asked for by a key or a command and is shown as text. */
export type TextPage = 'help' | 'errors' | 'outcome';
export type ObjectPage = 'yaml' | 'describe' | 'why' | 'decode' | 'rules';
/** How far back a log goes: everything up to a limit from the end or the beginning, or the last seconds. */
export type LogRange = 'tail' | 'head' | number;
/** A key in a shell that is no text. */
export type ShellKey = 'enter' | 'end' | 'interrupt' | 'leave' | 'clear' | 'before' | 'after';

export type LogSwitch = 'follows' | 'timestamps' | 'wraps';

/** When virtual time is to stand still again. */
export type Until =
  | 'converged'
  | { readonly afterMs: number }
  | { readonly revision: number }
  /** This object is at its goal. */
  | Target;

/** What is tried on a copy of the cluster. */
export type Trial = { readonly fault: string } | { readonly action: Action };

const DANGEROUS: ReadonlySet<string> = new Set(['act', 'edit', 'inject', 'heal', 'shell']);

/** Whether it asks for a change of the cluster, or may come to one. */
export function isDangerous(message: Message): boolean {
  return message.type === 'plugin' ? message.isDangerous : DANGEROUS.has(message.type);
}

/** What a key asks for. `update` does it; `keys.ts` says which key asks what. */
export type Message =
  | { readonly type: 'move'; readonly by: number | 'page-down' | 'page-up' | 'top' | 'bottom' }
  | { readonly type: 'pan'; readonly by: -1 | 1 }
  /** The next part of a text, or the one before. */
  | { readonly type: 'part'; readonly by: -1 | 1 }
  /** The next tile or the one before; behind the last is the first. */
  | { readonly type: 'tile'; readonly by: -1 | 1 }
  | { readonly type: 'open' }
  | { readonly type: 'list'; readonly page: ListPage }
  | { readonly type: 'text'; readonly page: TextPage }
  | { readonly type: 'object'; readonly page: ObjectPage }
  | { readonly type: 'owner' }
  | { readonly type: 'owned' }
  | { readonly type: 'node' }
  | { readonly type: 'back' }
  | { readonly type: 'clear-filter' }
  | { readonly type: 'namespace'; readonly at: number }
  | { readonly type: 'sort'; readonly column: string }
  | { readonly type: 'sort-neighbour'; readonly by: -1 | 1 }
  | { readonly type: 'sort-flip' }
  | { readonly type: 'toggle'; readonly what: 'wide' | 'faults' | 'managedFields' }
  | { readonly type: 'search'; readonly by: -1 | 1 }
  | { readonly type: 'prompt'; readonly kind: 'command' | 'filter' }
  | { readonly type: 'typed'; readonly text: string }
  | { readonly type: 'erase' }
  | { readonly type: 'clear-prompt' }
  | { readonly type: 'suggest'; readonly by: -1 | 1 }
  | { readonly type: 'complete' }
  | { readonly type: 'submit' }
  | { readonly type: 'cancel' }
  | { readonly type: 'history'; readonly by: -1 | 1 }
  | { readonly type: 'last-command' }
  | { readonly type: 'act'; readonly verb: ActionVerb }
  | { readonly type: 'page'; readonly page: SubjectPage; readonly argument?: string }
  | { readonly type: 'rules'; readonly node?: string }
  | { readonly type: 'mark'; readonly what: 'one' | 'range' | 'none' }
  | { readonly type: 'fold' }
  | { readonly type: 'warp' }
  | { readonly type: 'copy'; readonly what: 'name' | 'namespace' | 'text' }
  | { readonly type: 'save' }
  | { readonly type: 'screen'; readonly what: 'full' | 'headless' | 'crumbs' }
  | { readonly type: 'logs'; readonly previous: boolean }
  | { readonly type: 'log-range'; readonly range: LogRange }
  | { readonly type: 'log-switch'; readonly what: LogSwitch }
  | { readonly type: 'log-clear' }
  | { readonly type: 'log-mark' }
  | { readonly type: 'log-all' }
  | { readonly type: 'log-read'; readonly id: string; readonly lines: readonly LogLine[] }
  | { readonly type: 'choose'; readonly by: -1 | 1 }
  | { readonly type: 'choice'; readonly by: -1 | 1 }
  | { readonly type: 'answer'; readonly yes?: boolean; readonly tries?: boolean }
  | { readonly type: 'shell'; readonly door: 'exec' | 'attach' }
  | { readonly type: 'forward' }
  | { readonly type: 'use' }
  | { readonly type: 'hold' }
  | { readonly type: 'persist' }
  | { readonly type: 'dir'; readonly path: string }
  | { readonly type: 'dir-read'; readonly path: string; readonly entries: readonly DirEntry[] }
  | { readonly type: 'command'; readonly text: string }
  | { readonly type: 'plugin'; readonly name: string; readonly isDangerous: boolean }
  | { readonly type: 'skin'; readonly name: string }
  | { readonly type: 'stop-forward' }
  | { readonly type: 'shell-key'; readonly key: ShellKey }
  | {
      readonly type: 'process-output';
      readonly id: string;
      readonly text: string;
      readonly stream: 'stdout' | 'stderr';
    }
  | { readonly type: 'process-ended'; readonly id: string; readonly end: ProcessEnd }
  | { readonly type: 'pause' }
  | { readonly type: 'step' }
  | { readonly type: 'inject'; readonly fault: string }
  | { readonly type: 'heal' }
  | { readonly type: 'edit' }
  | { readonly type: 'copy-of'; readonly of: Moment; readonly trial?: Trial }
  | { readonly type: 'now' }
  | { readonly type: 'entered'; readonly copy: string; readonly compares: boolean }
  | { readonly type: 'left' }
  | { readonly type: 'until'; readonly until: Until }
  | { readonly type: 'speed'; readonly to: 'slower' | 'faster' | 'real' }
  | { readonly type: 'resize'; readonly columns: number; readonly rows: number }
  | { readonly type: 'changed' }
  /** A while has passed by the reader's clock. */
  | { readonly type: 'beat' }
  | {
      readonly type: 'flash';
      readonly text: string;
      readonly tone: 'info' | 'error';
      /** What a drain was refused, in the place of what an earlier one was. */
      readonly refusals?: readonly ManifestError[];
    }
  | { readonly type: 'flash-over' }
  | { readonly type: 'redraw' }
  | { readonly type: 'quit' };
