import type { User } from '../../meta/index.ts';
import type { Access } from '../authorization/index.ts';
import type { ApiServer } from '../server.ts';
import type { Outgoing } from './answer.ts';

/** Has the answer, whatever it will be, tell which FlowSchema and level the request falls under; throws a 403 where it is not allowed. */
export function admit(server: ApiServer, outgoing: Outgoing, user: User, access: Access): void {
  const flow = server.flow(user, access);
  if (flow) {
    outgoing.setHeader('x-kubernetes-pf-flowschema-uid', flow.schema.metadata.uid ?? '');
    outgoing.setHeader('x-kubernetes-pf-prioritylevel-uid', flow.level.metadata.uid ?? '');
  }
  server.authorize(user, access);
}
