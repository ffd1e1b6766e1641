import type { CheckResult, Finding, SourceTexts } from '../../authoring/index.ts';
import type { Input } from '../commands.ts';
import { EXIT } from '../exit-codes.ts';
import { findingLines, findingRecord, hasErrors, reportCheck } from '../findings.ts';
import { folderNamed, type ManifestFolder } from '../folder.ts';
import type { Io } from '../io.ts';
import { foresee } from '../judge.ts';
import { openSession, type Session } from '../session.ts';
import { StaticPods } from '../static-pods.ts';

interface Options {
  readonly rehearsal: boolean;
  readonly output: 'text' | 'json' | 'lines';
}

/**
 * `slipway check`: types and schemas, then admission, by applying to a cluster that is thrown away; then, in the same cluster, what
 * only converging shows.
 */
export async function run(io: Io, { args, options }: Input): Promise<number> {
  const folder = folderNamed(args[0]!, io);
  const { rehearsal, output } = options as unknown as Options;
  const session = openSession({ folder });
  try {
    const { check, findings, sourceText } = await look(session, folder, rehearsal);
    if (output === 'json') {
      io.out(`${JSON.stringify(findings.map(findingRecord), null, 2)}\n`);
    } else if (output === 'lines') {
      io.out(findingLines(findings, folder.name));
    } else {
      reportCheck(io, check, findings, sourceText);
      if (!hasErrors(findings)) io.out(summary(check.resources.length, check.files.length));
    }
    return hasErrors(findings) ? EXIT.invalid : EXIT.ok;
  } finally {
    await session.close();
  }
}

interface Look {
  readonly check: CheckResult;
  readonly findings: readonly Finding[];
  readonly sourceText: SourceTexts;
}

/** One step after the other, each only if those before it found no errors. */
async function look(session: Session, folder: ManifestFolder, rehearsal: boolean): Promise<Look> {
  const { project, author } = session;
  const { check, findings } = await author.save();
  const { cluster } = session;
  if (hasErrors(findings) || !cluster) return { check, findings, sourceText: project.sourceText };
  const statics = await new StaticPods(cluster, { manifests: folder }).read();
  const accepted = [...findings, ...statics.findings];
  const foreseen =
    rehearsal && !hasErrors(accepted) && check.resources.length > 0
      ? await foresee({ session, cluster })
      : [];
  return {
    check,
    findings: [...accepted, ...foreseen],
    sourceText: (file) => project.sourceText(file) ?? statics.sourceText(file),
  };
}

function summary(resources: number, files: number): string {
  const count = (number: number, what: string): string =>
    `${number} ${what}${number === 1 ? '' : 's'}`;
  return `ok: ${count(resources, 'resource')} in ${count(files, 'file')}\n`;
}
