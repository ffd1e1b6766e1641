import { type ApiResponse, internalError, type KubeObject } from '../../meta/index.ts';
import { proxied } from '../proxying/index.ts';
import type { SubresourceHandler } from './handler.ts';

/** `proxy` for components: GET of what stands at the parameter `path`. Over HTTP the path says that, and it is passed on. */
export const proxy: SubresourceHandler = {
  get(core, kind, { name = '', namespace, parameters = {} }): ApiResponse {
    const { path = '/', ...rest } = parameters;
    const answer = proxied(core, kind, { method: 'GET', namespace, name, path, parameters: rest });
    if (answer === 'to root') throw internalError('there is a path, but it is sent elsewhere');
    const { code, body } = answer;
    if (code < 400) return { code, object: NOTHING, text: body };
    const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message: body };
    return { code, object: { ...status, metadata: {} } as unknown as KubeObject };
  },
};

const NOTHING = {} as KubeObject;
