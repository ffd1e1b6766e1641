import type { Finding } from '../authoring/index.ts';
import type { Cluster } from '../cluster/index.ts';
import { EXIT } from './exit-codes.ts';
import { hasErrors, reportCheck } from './findings.ts';
import type { Io } from './io.ts';
import { openSession, type Session, type SessionOptions } from './session.ts';
import { StaticPods } from './static-pods.ts';

/** A cluster that a folder has been brought into. */
export interface Converging {
  readonly session: Session;
  readonly cluster: Cluster;
  /** Doubts about what was accepted, fields taken from others among them. */
  readonly doubts: readonly Finding[];
}

/**
 * Checks and applies a folder once, on a cluster of its own. Errors of the manifests are printed and end it with their exit
 * code. Whatever happens, the session is closed after `use`.
 */
export async function withApplied(
  io: Io,
  options: SessionOptions & {
    /** Hears of errors, which are printed in any case. */
    refused?(findings: readonly Finding[]): void;
  },
  use: (converging: Converging) => Promise<number>,
): Promise<number> {
  const session = openSession(options);
  try {
    const { check, findings } = await session.author.save();
    reportCheck(io, check, findings, session.project.sourceText);
    const { cluster } = session;
    if (hasErrors(findings) || !cluster) {
      options.refused?.(findings);
      return EXIT.invalid;
    }
    const { folder: manifests, podManifestPath } = options;
    const statics = await new StaticPods(cluster, { manifests, podManifestPath }).read();
    reportCheck(io, { printed: '' }, statics.findings, statics.sourceText);
    const doubts = [...findings, ...statics.findings];
    if (hasErrors(doubts)) {
      options.refused?.(doubts);
      return EXIT.invalid;
    }
    return await use({ session, cluster, doubts });
  } finally {
    await session.close();
  }
}
