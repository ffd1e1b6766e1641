import type { Input, Sink } from '../process.ts';

/** Where commands read and write. */
export interface Streams {
  readonly input: Input;
  readonly out: Sink;
  readonly err: Sink;
}

/** Leaves what is under way: the shell, a function, or loops. */
export class Leave {
  readonly what: 'exit' | 'return' | 'break' | 'continue';
  readonly value: number;

  constructor(what: Leave['what'], value: number) {
    this.what = what;
    this.value = value;
  }
}
