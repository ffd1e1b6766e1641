import { agnhost, fileAnswer, isSubcommand } from './agnhost/index.ts';
import { commandOf } from './commands/index.ts';
import type { Program, Task } from './process.ts';
import { ALPINE_FILES, TEST_IMAGES } from './test-images.ts';

/** What is known of an image: what it runs, and what programs it has beside those that all have. */
export interface ImageProgram {
  readonly entrypoint: readonly string[];
  readonly arguments: readonly string[];
  readonly programs: Readonly<Record<string, Program>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly directory?: string;
  /** The user that it runs as: root where absent. */
  readonly user?: number;
  /** Groups of users that it knows beside root, by user: the first is the user's own. */
  readonly groups?: Readonly<Record<number, readonly [number, ...number[]]>>;
  /** Files that it brings along. */
  readonly files?: Readonly<Record<string, string>>;
}

const FOREVER = Number.POSITIVE_INFINITY;

/** A web server over a directory. */
const server = (root: string): Program =>
  function* (task: Task) {
    const answer = ({ target }: { readonly target: string }) =>
      fileAnswer(task, root, target.split('?')[0] ?? '/');
    task.machine.listen({ port: 80, answer });
    yield { untilMs: FOREVER };
    return 0;
  };

const HTTPD_ROOT = '/usr/local/apache2/htdocs';
const NGINX_ROOT = '/usr/share/nginx/html';

const SHELLS: ImageProgram = { entrypoint: [], arguments: ['sh'], programs: {} };

/** By the last part of an image's name. */
const IMAGES: Readonly<Record<string, ImageProgram>> = {
  ...TEST_IMAGES,
  agnhost: {
    entrypoint: ['/agnhost'],
    groups: { 1000: [1000, 50000] },
    arguments: ['pause'],
    programs: { '/agnhost': agnhost, agnhost, '/agnhost-2': agnhost, 'agnhost-2': agnhost },
    files: {
      ...ALPINE_FILES,
      '/localhost.crt': 'A certificate for localhost.\n',
      '/localhost.key': 'Its key.\n',
    },
  },
  pause: {
    entrypoint: ['/pause'],
    arguments: [],
    programs: { '/pause': commandOf('pause')! },
    user: 65535,
  },
  busybox: SHELLS,
  alpine: { ...SHELLS, arguments: ['/bin/sh'], files: ALPINE_FILES },
  debian: { ...SHELLS, arguments: ['bash'] },
  ubuntu: { ...SHELLS, arguments: ['/bin/bash'] },
  bash: { ...SHELLS, arguments: ['bash'] },
  httpd: {
    entrypoint: [],
    arguments: ['httpd-foreground'],
    programs: { 'httpd-foreground': server(HTTPD_ROOT) },
    directory: '/usr/local/apache2',
    files: { [`${HTTPD_ROOT}/index.html`]: '<html><body><h1>It works!</h1></body></html>\n' },
  },
  nginx: {
    entrypoint: ['/docker-entrypoint.sh'],
    arguments: ['nginx', '-g', 'daemon off;'],
    programs: { '/docker-entrypoint.sh': server(NGINX_ROOT), nginx: server(NGINX_ROOT) },
    files: {
      [`${NGINX_ROOT}/index.html`]:
        '<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n</head>\n<body>\n<h1>Welcome to nginx!</h1>\n</body>\n</html>\n',
    },
  },
};

/** What is known of an image by its name; undefined for one that nobody knows. */
export function imageProgram(image: string): ImageProgram | undefined {
  const name = image.split('@')[0]!.split('/').at(-1)!.split(':')[0]!;
  return IMAGES[name];
}

/** The user that an image runs as; undefined for one that nobody knows. */
export function imageUser(image: string): number | undefined {
  const program = imageProgram(image);
  return program && (program.user ?? 0);
}

/** What a container runs: its command, or its image's with its arguments; undefined where nobody knows. */
export function argvOf(
  image: ImageProgram | undefined,
  command: readonly string[] | undefined,
  args: readonly string[] | undefined,
): readonly string[] | undefined {
  if (command && command.length > 0) return [...command, ...(args ?? [])];
  if (!image) return undefined;
  const rest = args && args.length > 0 ? args : image.arguments;
  const all = [...image.entrypoint, ...rest];
  return all.length > 0 ? all : undefined;
}

/** The program behind a name in a container of an image. */
export function programOf(image: ImageProgram | undefined, name: string): Program | undefined {
  return image?.programs[name] ?? commandOf(name);
}

/** What goes on for ever, as far as anybody knows. */
const unknowable: Program = function* () {
  yield { untilMs: FOREVER };
  return 0;
};

/** Real programs that images have and that are not in the table: what they do nobody can say. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'telnet',
  'ssh',
  'vi',
  'httpd',
  'dd',
  'mkfifo',
  'top',
  'ps',
  'python',
  'python3',
  'perl',
  'apk',
  'apt-get',
  'openssl',
  'dnsdomainname',
]);

/** The program that a script calls by a name: undefined only where it is known that there is none. */
export function calledProgram(image: ImageProgram | undefined, name: string): Program | undefined {
  const found = programOf(image, name);
  if (found || (image && !LEFT_OUT.has(name.split('/').at(-1) ?? ''))) return found;
  return unknowable;
}

/** Whether it is known what these words do. */
export function isKnownRun(image: ImageProgram | undefined, argv: readonly string[]): boolean {
  const [name = '', first] = argv;
  const program = programOf(image, name);
  if (program === agnhost) return first === undefined || isSubcommand(first);
  return program !== undefined;
}
