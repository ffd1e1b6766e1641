import type { Exit as ExitSpec } from '../../generated/cluster/v1/types.ts';
import type { Container } from '../../generated/core/v1/types.ts';

/** How a program goes on: after so many seconds it ends with a code. */
interface Course {
  readonly seconds: number;
  readonly code: number;
  /** The shell goes no further. */
  readonly isExit?: true;
}

const SHELLS: ReadonlySet<string> = new Set(['sh', 'ash', 'bash', 'dash']);
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
/** What would take a shell to understand. */
const NOT_PLAIN = /["'`$\\|<>(){}*?[\]#~!&\n]/;

/**
 * How the runs of a container end whose whole program is one of a few commands that mean the same everywhere: `true`, `false`,
 * `sleep`, and a shell that is given nothing but these and `exit`, joined by `&&` and `;`. Undefined for any other, of which
 * nobody knows without running it.
 */
export function exitsOfCommand({ command, args = [] }: Container): readonly ExitSpec[] | undefined {
  const [program, ...rest] = [...(command ?? []), ...args];
  if (!command || command.length === 0 || program === undefined) return undefined;
  const name = /^(?:(?:\/usr)?\/bin\/)?(\w+)$/.exec(program)?.[1];
  if (name === undefined) return undefined;
  const isScript = SHELLS.has(name) && rest.length === 2 && rest[0] === '-c';
  const course = isScript ? script(rest[1]!) : name === 'exit' ? undefined : simple(name, rest);
  if (!course || !Number.isFinite(course.seconds)) return undefined;
  return [{ after: `${Math.round(course.seconds * 1000)}ms`, code: course.code }];
}

/** Simple commands one after another; after `&&` only where the one before succeeded. */
function script(text: string): Course | undefined {
  const parts = text.split(/(&&|;)/).map((part) => part.trim());
  let seconds = 0;
  let code = 0;
  for (let at = 0; at < parts.length; at += 2) {
    const part = parts[at]!;
    if (part === '' && at > 0 && at === parts.length - 1 && parts[at - 1] === ';') break;
    const [name, ...args] = NOT_PLAIN.test(part) ? [] : part.split(/\s+/);
    const course = name ? simple(name, args, code) : undefined;
    if (!course) return undefined;
    if (parts[at - 1] === '&&' && code !== 0) continue;
    seconds += course.seconds;
    code = course.code;
    if (course.isExit) break;
  }
  return { seconds, code };
}

function simple(name: string, args: readonly string[], last = 0): Course | undefined {
  switch (name) {
    case 'true':
      return { seconds: 0, code: 0 };
    case 'false':
      return { seconds: 0, code: 1 };
    case 'sleep':
      return args.length === 1 ? slept(args[0]!) : undefined;
    case 'exit': {
      const [text = String(last)] = args;
      if (args.length > 1 || !/^\d{1,3}$/.test(text)) return undefined;
      return { seconds: 0, code: Number(text) % 256, isExit: true };
    }
    default:
      return undefined;
  }
}

function slept(text: string): Course | undefined {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)([smhd])?$/.exec(text) ?? [];
  return number === undefined ? undefined : { seconds: Number(number) * UNITS[unit]!, code: 0 };
}
