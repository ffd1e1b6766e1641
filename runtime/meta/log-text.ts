import { formatTime, parseTime } from './time.ts';

interface Line {
  readonly atMs: number;
  readonly text: string;
  /** It has not come to its end: no new line follows. */
  readonly isOpen?: true;
}

/** The lines of a container's log that were asked for, by the parameters of `kubectl logs`, as text. */
export function logText(
  lines: readonly Line[],
  parameters: Readonly<Record<string, string>>,
  nowMs: number,
): string {
  const { sinceSeconds, sinceTime, tailLines, limitBytes, timestamps } = parameters;
  const sinceMs = sinceTime
    ? parseTime(sinceTime)
    : sinceSeconds
      ? nowMs - Number(sinceSeconds) * 1000
      : Number.NEGATIVE_INFINITY;
  const recent = lines.filter(({ atMs }) => atMs >= sinceMs);
  const tail = tailLines ? recent.slice(Math.max(0, recent.length - Number(tailLines))) : recent;
  const text = tail
    .map(
      ({ atMs, text: line, isOpen }) =>
        `${timestamps === 'true' ? `${formatTime(atMs)} ` : ''}${line}${isOpen ? '' : '\n'}`,
    )
    .join('');
  return limitBytes ? text.slice(0, Number(limitBytes)) : text;
}
