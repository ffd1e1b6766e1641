import type { Cluster, Pacer } from '../cluster/index.ts';
import { reportCheck } from './findings.ts';
import type { ManifestFolder } from './folder.ts';
import { savedLine } from './follow.ts';
import type { Io } from './io.ts';
import { followPacer, openSession, type Session } from './session.ts';

/** Follows a folder into a cluster that runs already: a line a save on `out`, frames of mistakes on `err`. */
export function followInto(
  io: Io,
  folder: ManifestFolder,
  cluster: Cluster,
  pacer: Pacer,
): Session {
  const session = openSession({
    folder,
    cluster,
    drive: (each) => followPacer(each, pacer),
    onFailure: (error) => io.err(`slipway: ${String(error)}\n`),
  });
  void session.author.follow(({ check, findings, changed }) => {
    reportCheck(io, check, findings, session.project.sourceText);
    if (changed) io.out(savedLine(folder.name, changed, session.author.state().timings!));
  });
  return session;
}
