import type { FaultSpec } from '../../generated/cluster/v1/types.ts';
import type { Save } from '../authoring/index.ts';
import { ChangeLog } from './change-log.ts';
import { durationText } from './duration-text.ts';
import { hasErrors, KEPT, reportCheck } from './findings.ts';
import type { ManifestFolder } from './folder.ts';
import type { Io } from './io.ts';
import { openLiveSession, type Serves } from './session.ts';

export interface FollowOptions extends Pick<Serves, 'port' | 'kubeconfig' | 'refused'> {
  readonly folder: ManifestFolder;
  readonly seed?: number | undefined;
  readonly faults?: readonly FaultSpec[] | undefined;
  readonly podManifestPath?: string | undefined;
}

/** Follows a folder without a screen: a line a change on `out`, frames of mistakes on `err`. Goes on until it is closed. */
export function followAsLines(
  io: Io,
  { folder, seed, faults, port, kubeconfig, podManifestPath, refused }: FollowOptions,
): { close(): Promise<void> } {
  let log: ChangeLog | undefined;
  const session = openLiveSession({
    folder,
    seed,
    faults,
    podManifestPath,
    attached(live) {
      log = new ChangeLog(live, (line) => io.out(`${line}\n`));
      live.control.onChange(flush);
    },
    onChange: flush,
    serves: {
      port,
      kubeconfig,
      refused,
      workingFolder: io.workingFolder,
      opened: (access) => io.out(`serving ${access.url}  KUBECONFIG=${access.kubeconfig}\n`),
    },
    staticPods({ findings, sourceText }) {
      const note = hasErrors(findings) ? KEPT : undefined;
      reportCheck(io, { printed: '' }, findings, sourceText, note);
    },
    onFailure: (error) => io.err(`slipway: ${messageOf(error)}\n`),
  });

  function flush(): void {
    log?.flush(session.author.busy);
  }

  function saved({ check, findings, changed }: Save): void {
    const note = session.author.state().resources > 0 ? KEPT : undefined;
    reportCheck(
      io,
      check,
      findings,
      session.project.sourceText,
      hasErrors(findings) ? note : undefined,
    );
    if (!changed) return;
    io.out(savedLine(folder.name, changed, session.author.state().timings!));
    log?.expectVerdict();
  }

  void session.author.follow(saved);
  return {
    async close() {
      await session.close();
      log?.close();
    },
  };
}

/** A line that says what a save changed, and how long that took. */
export function savedLine(
  folder: string,
  { created, updated, pruned }: NonNullable<Save['changed']>,
  { parseMs, evaluateMs, checkMs, applyMs }: Timings,
): string {
  const took = [
    `parse ${durationText(parseMs + evaluateMs)}`,
    `check ${durationText(checkMs)}`,
    `apply ${durationText(applyMs)}`,
  ].join(', ');
  return `saved  ${folder}  +${created} ~${updated} -${pruned}  ${took}\n`;
}

type Timings = Readonly<Record<'parseMs' | 'evaluateMs' | 'checkMs' | 'applyMs', number>>;

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  const stack = process.env.SLIPWAY_DEBUG ? `\n${error.stack}` : '';
  return `${error.message}${cause}${stack}`;
}
