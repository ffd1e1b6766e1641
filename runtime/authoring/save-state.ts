import type { ManifestError, ManifestState } from '../client/index.ts';
import type { Finding, Project } from './contract.ts';
import { formatFinding } from './frame.ts';

/** Said under the errors of a save while an earlier one is in the cluster. */
export const KEPT = 'the cluster keeps the last good state';

export type Changed = NonNullable<ManifestState['changed']>;

export function initialManifestState(folder: string): ManifestState {
  return { folder, phase: 'checking', files: 0, resources: 0, errors: [] };
}

/** Errors ready for the screen. `keeps`: something was applied before and stays. */
export function errorsOf(
  errors: readonly Finding[],
  { sourceText }: Pick<Project, 'sourceText'>,
  keeps: boolean,
): readonly ManifestError[] {
  const note = keeps ? KEPT : undefined;
  return errors.map((finding) => {
    const { code, message, range, severity, object } = finding;
    return {
      code,
      message,
      ...(severity === 'warning' ? { severity } : {}),
      ...(object === undefined ? {} : { object }),
      frame: formatFinding(finding, sourceText, note),
      ...(range ? { position: { file: range.file, line: range.line, column: range.column } } : {}),
    };
  });
}

/** What the screen shows when a save fails by a mistake of ours. */
export function unexpected(error: unknown): ManifestError {
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'E_UNEXPECTED', message, frame: `error E_UNEXPECTED: ${message}` };
}
