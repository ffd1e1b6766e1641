/** Why something cannot be done with a file, in the words of the C library. */
export class FileProblem extends Error {
  override readonly name = 'FileProblem';
  readonly path: string;
  readonly why: string;

  constructor(path: string, why: string) {
    super(`${path}: ${why}`);
    this.path = path;
    this.why = why;
  }
}

export const NOT_FOUND = 'No such file or directory';
export const DENIED = 'Permission denied';
export const READ_ONLY = 'Read-only file system';
export const IS_DIRECTORY = 'Is a directory';
export const NOT_DIRECTORY = 'Not a directory';
export const EXISTS = 'File exists';
export const NOT_EMPTY = 'Directory not empty';
