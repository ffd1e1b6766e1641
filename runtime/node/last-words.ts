import type { Container, Pod } from '../../generated/core/v1/types.ts';
import type { LogLine } from './logs.ts';
import type { Exit } from './timeline.ts';

/** Of the file that terminationMessagePath names, its end; of the log, its last lines; in a status, a pod's containers together. */
const FILE_BYTES_MAX = 4096;
const LOG_LINES_MAX = 80;
const LOG_BYTES_MAX = 2048;
const POD_BYTES_MAX = 12_288;

/**
 * The termination message of a run: what it left in its file, or, where the policy says so and it failed without leaving
 * anything, the end of its log.
 */
export function lastWords(
  { code, reason, message = '' }: Exit,
  { terminationMessagePolicy }: Container,
  pod: Pod,
  log: () => readonly LogLine[],
): string | undefined {
  const asksLog =
    terminationMessagePolicy === 'FallbackToLogsOnError' &&
    message === '' &&
    code !== 0 &&
    reason !== 'ContainerCannotRun';
  const words = asksLog ? endOfLog(log()) : tail(message, FILE_BYTES_MAX);
  const containers = (pod.spec?.containers?.length ?? 0) + (pod.spec?.initContainers?.length ?? 0);
  const shown = head(words, Math.floor(POD_BYTES_MAX / Math.max(1, containers)));
  return shown === '' ? undefined : shown;
}

function endOfLog(lines: readonly LogLine[]): string {
  const text = lines
    .slice(-LOG_LINES_MAX)
    .map(({ text, isOpen }) => (isOpen ? text : `${text}\n`))
    .join('');
  return tail(text, LOG_BYTES_MAX);
}

function tail(text: string, bytesMax: number): string {
  if (text.length * 3 <= bytesMax) return text;
  const bytes = new TextEncoder().encode(text);
  return bytes.length <= bytesMax ? text : new TextDecoder().decode(bytes.slice(-bytesMax));
}

function head(text: string, bytesMax: number): string {
  if (text.length * 3 <= bytesMax) return text;
  const bytes = new TextEncoder().encode(text);
  return bytes.length <= bytesMax ? text : new TextDecoder().decode(bytes.slice(0, bytesMax));
}
