import {
  type ApiResponse,
  badRequest,
  type KubeObject,
  logText,
  notFound,
} from '../../meta/index.ts';
import { about } from '../kind.ts';
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
    const text = logText(answer.lines, parameters, core.now());
    return { code: 200, object: NOTHING, text, isWhole: answer.isOver };
  },
};

const NOTHING = {} as KubeObject;
