import type { ExecAnswer, ExecInput, Execution } from '../../nodes.ts';
import type { WantedStreams } from '../../subresources/index.ts';
import { type Channels, STDERR, STDIN, STDOUT } from './channels.ts';
import { lookUntilDone } from './look.ts';
import { finishWith, finishWrong, KILLED } from './outcome.ts';

export interface Process {
  readonly streams: WantedStreams;
  /** What the command does with its input so far, and what it comes to; undefined for one that has none. */
  run(input: ExecInput | undefined): ExecAnswer | Promise<ExecAnswer>;
  /** Told of what is a bug and not an answer. */
  onFailure(error: unknown): void;
  /** The cluster's time, brought up to the wall's. */
  now(): number;
  /** Whether the container that it was started in still runs. */
  isAlive(): boolean;
}

/** Ends the input of who types at a terminal. */
const END_OF_INPUT = 0x04;
/** More than that nobody sends to a simulated command. */
const INPUT_BYTES_MAX = 16 * 1024 * 1024;

/** Runs a command for a client: its output and exit code come when its time is over, and its input has ended where it waits for that. */
export function runCommand(channels: Channels, process: Process): void {
  new Command(channels, process).begin();
}

class Command {
  readonly #channels: Channels;
  readonly #process: Process;
  readonly #pieces: Buffer[] = [];
  #size = 0;
  #execution: Execution | undefined;
  #beginMs = 0;
  #isEnded: boolean;
  /** More has come since the command was last asked. */
  #isStale = false;
  #isAsking = false;
  readonly #written = new Map<number, number>();
  #look = (): void => {};

  constructor(channels: Channels, process: Process) {
    this.#channels = channels;
    this.#process = process;
    this.#isEnded = !process.streams.stdin;
  }

  begin(): void {
    this.#channels.listen({
      data: (channel, bytes) => {
        if (channel === STDIN) this.#take(bytes);
      },
      end: (channel) => {
        if (channel === STDIN) this.#end();
      },
    });
    this.#ask();
  }

  #take(bytes: Buffer): void {
    const { stdout, tty } = this.#process.streams;
    if (this.#isEnded || this.#size > INPUT_BYTES_MAX) return;
    if (this.#execution?.input === 'Echoed' && stdout) this.#channels.send(STDOUT, bytes);
    const at = tty ? bytes.indexOf(END_OF_INPUT) : -1;
    const typed = at < 0 ? bytes : bytes.subarray(0, at);
    this.#pieces.push(
      tty ? Buffer.from(typed.toString('latin1').replaceAll('\r', '\n'), 'latin1') : typed,
    );
    this.#size += typed.length;
    if (at >= 0) this.#end();
    else this.#more();
  }

  #end(): void {
    this.#isEnded = true;
    this.#more();
    this.#look();
  }

  #more(): void {
    this.#isStale = true;
    if (!this.#execution || this.#execution.input === 'Followed') this.#ask();
  }

  /** One question at a time, and one more where the input has grown meanwhile. */
  #ask(): void {
    if (this.#isAsking || this.#channels.isOver) return;
    this.#isStale = false;
    this.#beginMs = this.#process.now();
    const { stdin } = this.#process.streams;
    const input = stdin
      ? { bytes: Buffer.concat(this.#pieces), isOpen: !this.#isEnded }
      : undefined;
    const answer = this.#process.run(input);
    if (!(answer instanceof Promise)) {
      this.#know(answer);
      return;
    }
    this.#isAsking = true;
    answer.then(
      (found) => {
        this.#isAsking = false;
        this.#know(found);
      },
      (error: unknown) => {
        this.#process.onFailure(error);
        finishWrong(this.#channels, 'the command could not be run');
      },
    );
  }

  #know(answer: ExecAnswer): void {
    if ('wrong' in answer) {
      finishWrong(this.#channels, answer.wrong);
      return;
    }
    const isFirst = this.#execution === undefined;
    this.#execution = answer;
    if (answer.input === 'Followed') {
      this.#write(answer);
      if (this.#isStale) this.#ask();
    }
    if (isFirst) this.#look = lookUntilDone(() => this.#isDone());
    else this.#look();
  }

  #isDone(): boolean {
    if (this.#channels.isOver) return true;
    const execution = this.#execution!;
    const nowMs = this.#process.now();
    if (!this.#process.isAlive()) {
      finishWith(this.#channels, KILLED);
      return true;
    }
    const { input, afterMs, code } = execution;
    if (input === 'Followed' || this.#isAsking) return false;
    const isFed = input === 'Ignored' || this.#isEnded;
    if (!isFed || nowMs < this.#beginMs + afterMs) return false;
    this.#write(execution);
    finishWith(this.#channels, code);
    return true;
  }

  /** What has not been written yet. With a terminal all goes to the one output. */
  #write({ stdout, stderr }: Execution): void {
    const { streams } = this.#process;
    if (streams.stdout) this.#send(STDOUT, STDOUT, stdout);
    if (streams.stderr || streams.tty) this.#send(streams.tty ? STDOUT : STDERR, STDERR, stderr);
  }

  #send(channel: number, of: number, output: string | Uint8Array): void {
    const bytes = Buffer.from(output as Uint8Array);
    const fresh = bytes.subarray(this.#written.get(of) ?? 0);
    this.#written.set(of, bytes.length);
    const { tty } = this.#process.streams;
    const text = tty
      ? Buffer.from(terminalText(fresh.toString('latin1'), { tty }), 'latin1')
      : fresh;
    this.#channels.send(channel, text);
  }
}

/** As a terminal gets it: it goes back to the first column with each line. */
export function terminalText(text: string, { tty }: Pick<WantedStreams, 'tty'>): string {
  return tty ? text.replaceAll(/\r?\n/g, '\r\n') : text;
}
