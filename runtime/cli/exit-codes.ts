/** What the process says by ending: a contract with whoever called it. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  /** Manifests do not compile or validate. */
  invalid: 3,
  /** Not converged in time. */
  notConverged: 4,
  interrupted: 130,
} as const;

/** Ends a command with a message on stderr and without a stack: a mistake of the caller, or of the world around. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: number;
  readonly help: string | undefined;

  constructor(message: string, exitCode: number, help?: string) {
    super(message);
    this.exitCode = exitCode;
    this.help = help;
  }
}
