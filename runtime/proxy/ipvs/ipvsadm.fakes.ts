import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What ipvsadm asks of the kernel: to add, edit or delete a virtual server, or a real one of it. */
export interface IpvsRequest {
  readonly verb: 'add' | 'delete' | 'edit';
  /** `tcp 10.96.0.10:80` */
  readonly server: string;
  readonly scheduler: string;
  /** Clients stick to their real server so many seconds. */
  readonly persistenceSeconds?: number;
  /** The scheduler mh looks at ports too. */
  readonly byPort?: true;
  readonly real?: { readonly at: string; readonly weight: number; readonly masquerade: boolean };
}

const PROTOCOLS: Readonly<Record<number, string>> = { 6: 'tcp', 17: 'udp', 132: 'sctp' };
const PERSISTENT = 0x1;
const SCHEDULE_BY_PORT = 0x10;
/** The kernel's name of a request, with `DEST` where it is about a real server. */
const REQUEST = /IP_VS_SO_SET_(ADD|EDIT|DEL)(DEST)?, "((?:\\x[0-9a-f]{2})+)", \d+\)/g;
const VERBS = { ADD: 'add', EDIT: 'edit', DEL: 'delete' } as const;

/** Why ipvsadm cannot be tried here; undefined if it can. */
export function ipvsadmMissing(): string | undefined {
  for (const [program, asks] of [
    ['ipvsadm', '--help'],
    ['strace', '-V'],
  ] as const)
    if (spawnSync(program, [asks]).error) return `there is no ${program}`;
  const traced = spawnSync('strace', ['-o', '/dev/null', 'true']);
  return traced.status === 0 ? undefined : 'programs cannot be traced here';
}

/**
 * Runs the real `ipvsadm --restore`, which reads the text to its end as long as nobody tells it that the kernel has no IPVS:
 * strace answers in the kernel's place that all is well, and writes down what was asked. IPv4 only: requests for IPv6
 * go another way. Throws with what ipvsadm said if it refuses a line.
 */
export function ipvsadmRestore(text: string): IpvsRequest[] {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-ipvs-'));
  const trace = join(folder, 'trace');
  try {
    const { status, stderr } = spawnSync(
      'strace',
      [
        ...['-f', '-o', trace, '-xx', '-s', '100', '-e', 'trace=getsockopt,setsockopt'],
        ...['-e', 'inject=getsockopt,setsockopt:retval=0', 'ipvsadm', '--restore'],
      ],
      { input: text, encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`ipvsadm refused: ${stderr}`);
    return [...readFileSync(trace, 'utf8').matchAll(REQUEST)].map(
      ([, verb = '', dest, bytes = '']) =>
        request(
          VERBS[verb as keyof typeof VERBS],
          Buffer.from(bytes.replaceAll('\\x', ''), 'hex'),
          dest !== undefined,
        ),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `struct ip_vs_service_user`, and behind it `struct ip_vs_dest_user`. */
function request(verb: IpvsRequest['verb'], bytes: Buffer, about: boolean): IpvsRequest {
  const address = (from: number): string => [...bytes.subarray(from, from + 4)].join('.');
  const [flags, timeout] = [bytes.readUInt32LE(32), bytes.readUInt32LE(36)];
  return {
    verb,
    server: `${PROTOCOLS[bytes.readUInt16LE(0)]} ${address(4)}:${bytes.readUInt16BE(8)}`,
    scheduler: bytes.toString('latin1', 16, 32).replace(/\0.*$/, ''),
    ...(flags & PERSISTENT ? { persistenceSeconds: timeout } : {}),
    ...(flags & SCHEDULE_BY_PORT ? { byPort: true as const } : {}),
    ...(about
      ? {
          real: {
            at: `${address(44)}:${bytes.readUInt16BE(48)}`,
            weight: bytes.readInt32LE(56),
            masquerade: (bytes.readUInt32LE(52) & 7) === 0,
          },
        }
      : {}),
  };
}
