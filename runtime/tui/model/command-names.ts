import type { Message } from './message.ts';

export interface Command {
  readonly names: readonly string[];
  readonly does: string;
  readonly message: Message;
}

/** What may be typed after `:` beside the names of kinds. */
export const COMMANDS: readonly Command[] = [
  {
    names: ['conv', 'convergence', 'home'],
    does: 'want, have and what is waited for',
    message: { type: 'list', page: 'convergence' },
  },
  {
    names: ['why'],
    does: 'why the chosen object is as it is',
    message: { type: 'object', page: 'why' },
  },
  {
    names: ['queues', 'wq'],
    does: 'work that waits, by component',
    message: { type: 'list', page: 'queues' },
  },
  { names: ['sleepers'], does: 'who wakes when', message: { type: 'list', page: 'sleepers' } },
  {
    names: ['journal'],
    does: 'what was done, newest first',
    message: { type: 'list', page: 'journal' },
  },
  {
    names: ['errors'],
    does: 'mistakes of the last save',
    message: { type: 'text', page: 'errors' },
  },
  { names: ['kinds', 'aliases', 'a'], does: 'all kinds', message: { type: 'list', page: 'kinds' } },
  { names: ['help'], does: 'keys and commands', message: { type: 'text', page: 'help' } },
  { names: ['q', 'quit', 'q!', 'qa', 'exit'], does: 'quit', message: { type: 'quit' } },
];
