import type { Pod } from '../../../../generated/core/v1/types.ts';
import type { AnswerInput, RunInput } from '../history.ts';
import type { Facts } from '../machine.ts';
import type { Answer, Answerer, Call, Ticket } from '../network/calls.ts';
import { Busy } from './busy.ts';

/** Calls of one run that are followed: who makes more is busy for ever. */
const CALLS_MAX = 5_000;

/** On whose behalf processes call others: a run of a container, or somebody from outside. */
export interface Caller {
  readonly key: string;
  /** What came of its calls, in their order, as far as it is known. */
  readonly answers: Answer[];
  /** How many it has made. */
  calls: number;
  /** Says what comes of a call at once; without it the call waits for the history to say. */
  readonly answerer?: Answerer | undefined;
}

export interface Open {
  readonly ticket: Ticket;
  readonly caller: Caller;
  readonly nth: number;
}

export function asideCaller(
  key: string,
  answerer: Answerer | undefined,
  answers: readonly Answer[] = [],
): Caller {
  return { key, answers: [...answers], calls: 0, answerer };
}

export const runKey = (container: string, nth: number): string => `${container}\0${nth}`;

/** Calls that runs make, with what the history says of them. */
export class OpenCalls {
  readonly #known = new Map<string, Answer[]>();
  #waiting: Open[] = [];

  constructor(answers: readonly AnswerInput[]) {
    for (const { caller, answer } of answers) {
      const own = this.#known.get(caller) ?? [];
      own.push(answer);
      this.#known.set(caller, own);
    }
  }

  /** In the order in which they were made. */
  get waiting(): readonly Open[] {
    return this.#waiting;
  }

  ofRun({ container, nth }: RunInput): Caller {
    const key = runKey(container, nth);
    return { key, answers: this.#known.get(key) ?? [], calls: 0 };
  }

  /** Begins a call; one of which the answer is known has it at once. */
  open(ticket: Ticket, caller: Caller): void {
    const nth = caller.calls++;
    if (nth >= CALLS_MAX) throw new Busy();
    const { key, answers, answerer } = caller;
    const { call, atMs } = ticket;
    if (!answers[nth] && answerer) answers[nth] = answerer(call, { atMs, caller: key, nth });
    const known = answers[nth];
    if (known) ticket.answer = known;
    else if (key.includes('\0')) this.#waiting.push({ ticket, caller, nth });
  }

  /** What came of those that wait, in their order. */
  answer(answers: readonly Answer[]): void {
    for (const [at, { ticket, caller, nth }] of this.#waiting.entries()) {
      caller.answers[nth] = answers[at]!;
      ticket.answer = answers[at]!;
    }
    this.#waiting = [];
  }
}

const LOOPBACK = /^(?:127\.|::1$)/;

/** Whether a call stays within its pod. */
export function isOwn(call: Call, { podIp }: Facts, { spec }: Pod): boolean {
  if (call.kind === 'name') return LOOPBACK.test(call.server);
  if (spec?.hostNetwork) return false;
  return LOOPBACK.test(call.address) || call.address === podIp;
}
