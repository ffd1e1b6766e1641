import { type FileSystem, joined } from '../files/index.ts';
import { inputOf, type Sink } from '../process.ts';
import type { Streams } from './streams.ts';

/** Where a redirection stands: whose files, and from where paths go. */
interface Place {
  readonly files: FileSystem;
  readonly cwd: string;
}

/** The streams of a command after one redirection of it. Throws a FileProblem. */
export function redirect(
  streams: Streams,
  {
    fd,
    operator,
    target,
  }: { readonly fd: number; readonly operator: string; readonly target: string },
  { files, cwd }: Place,
): Streams {
  const at = (sink: Sink): Streams =>
    fd === 2 ? { ...streams, err: sink } : { ...streams, out: sink };
  switch (operator) {
    case '<':
      return { ...streams, input: inputOf(files.read(joined(cwd, target))) };
    case '<<':
      return { ...streams, input: inputOf(target) };
    case '<<<':
      return { ...streams, input: inputOf(`${target}\n`) };
    case '>&':
      if (target === '-') return at(() => undefined);
      return at(target === '2' ? streams.err : streams.out);
  }
  if (STDOUTS.has(target)) return at(streams.out);
  if (STDERRS.has(target)) return at(streams.err);
  const path = joined(cwd, target);
  files.write(path, '', operator === '>>');
  return at((bytes) => files.write(path, bytes, true));
}

const STDOUTS: ReadonlySet<string> = new Set([
  '/dev/stdout',
  '/dev/fd/1',
  '/proc/1/fd/1',
  '/proc/self/fd/1',
  '/dev/tty',
]);
const STDERRS: ReadonlySet<string> = new Set([
  '/dev/stderr',
  '/dev/fd/2',
  '/proc/1/fd/2',
  '/proc/self/fd/2',
]);
