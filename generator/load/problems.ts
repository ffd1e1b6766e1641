/** One thing wrong in a schema file, with the way out. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  /** JSON pointer into the file. */
  readonly pointer: string;
  readonly message: string;
  readonly help: string;
}

/** Thrown with everything that is wrong, not just the first. */
export class SchemaProblems extends Error {
  override readonly name = 'SchemaProblems';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(
      problems
        .map(
          ({ file, line, pointer, message, help }) =>
            `${file}:${line} ${pointer}: ${message}; ${help}`,
        )
        .join('\n'),
    );
    this.problems = problems;
  }
}

export class Problems {
  readonly #found: Problem[] = [];

  add(file: string, line: number, pointer: string, message: string, help: string): void {
    this.#found.push({ file, line, pointer, message, help });
  }

  throwIfAny(): void {
    if (this.#found.length > 0) throw new SchemaProblems(this.#found);
  }
}
