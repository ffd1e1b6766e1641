import type { BehaviourSpec } from '../../generated/cluster/v1/types.ts';
import type { Container } from '../../generated/core/v1/types.ts';
import { exitsOfCommand } from './known-commands.ts';
import { argvOf, type ImageProgram, imageProgram, isKnownRun } from './programs/index.ts';

/** What is known of a container's program, and of which parts its behaviours say something else. */
export interface Plays {
  /** As the spec has it, before variables are put in. */
  readonly argv: readonly string[];
  readonly image: ImageProgram | undefined;
  readonly said: ReadonlySet<keyof BehaviourSpec>;
  /** It has to be followed from its start on. Else nothing comes of it before somebody asks. */
  readonly isActive: boolean;
}

const PARTS: readonly (keyof BehaviourSpec)[] = [
  'exit',
  'logs',
  'probes',
  'hooks',
  'terminate',
  'exec',
  'http',
];
/** Programs that only serve. */
const SERVES: ReadonlySet<string> = new Set([
  '/pause',
  '/docker-entrypoint.sh',
  'httpd-foreground',
]);

/** One that waits for what somebody may type. */
const SHELL = /^(?:\/bin\/)?(?:sh|ash|bash|dash)$/;

/** Undefined where nobody knows what the container's program does. */
export function playsOf(
  container: Container,
  says: (part: keyof BehaviourSpec) => boolean,
): Plays | undefined {
  const image = imageProgram(container.image ?? '');
  const argv = argvOf(image, container.command, container.args);
  if (!argv || !isKnownRun(image, argv)) return undefined;
  const said = new Set(PARTS.filter(says));
  return { argv, image, said, isActive: !isQuiet(container, argv) && !said.has('exit') };
}

/** All that can be seen of it follows without running it. */
function isQuiet(container: Container, argv: readonly string[]): boolean {
  const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
  const runs = [livenessProbe, readinessProbe, startupProbe].some((probe) => probe?.exec);
  if (
    runs ||
    lifecycle?.postStart?.exec ||
    lifecycle?.preStop?.exec ||
    lifecycle?.postStart?.httpGet ||
    lifecycle?.preStop?.httpGet
  )
    return false;
  if (argv.length === 1 && SHELL.test(argv[0]!)) return container.stdin === true;
  return exitsOfCommand(container) !== undefined || SERVES.has(argv[0] ?? '');
}
