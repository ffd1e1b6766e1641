import {
  type ApiResponse,
  badRequest,
  formatTime,
  type KubeObject,
  notFound,
  parseTime,
} from '../../meta/index.ts';
import { about } from '../kind.ts';
import type { LoggedLine } from '../nodes.ts';
import { keyOfRequest } from '../update.ts';
import type { SubresourceHandler } from './handler.ts';

/** `log` of a Pod: what one of its containers has written, which the node knows. */
export const log: SubresourceHandler = {
  get(core, kind, request): ApiResponse {
    const row = kind.cache.row(keyOfRequest(request));
    if (!row) throw notFound(about(kind, request.name));
    const { parameters = {} } = request;
    const { container, previous } = parameters;
    const answer = core.nodes.log(row.object, { container, previous: previous === 'true' });
    if ('wrong' in answer) throw badRequest(answer.wrong);
    const text = written(answer.lines, parameters, core.now());
    return { code: 200, object: NOTHING, text, isWhole: answer.isOver };
  },
};

const NOTHING = {} as KubeObject;

/** The lines that were asked for, as text. */
function written(
  lines: readonly LoggedLine[],
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
      ({ atMs, text: line }) => `${timestamps === 'true' ? `${formatTime(atMs)} ` : ''}${line}\n`,
    )
    .join('');
  return limitBytes ? text.slice(0, Number(limitBytes)) : text;
}
