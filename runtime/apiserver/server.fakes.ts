import { schemaSet } from '../../generated/registry.ts';
import { Random, VirtualClock } from '../base/index.ts';
import { type Client, createClient } from '../client/index.ts';
import { localTransport } from '../cluster/local-transport.ts';
import { Journal } from '../trace/index.ts';
import { ApiServer, type ApiServerOptions } from './server.ts';

export interface Bench {
  readonly server: ApiServer;
  readonly client: Client;
  readonly clock: VirtualClock;
  readonly journal: Journal;
  /** A client that writes under another name. */
  as(fieldManager: string): Client;
}

/** A server with its system namespaces, everything stored frozen, and clients of it. */
export async function serverForTests(
  options: Pick<ApiServerOptions, 'authorization'> = {},
): Promise<Bench> {
  const clock = new VirtualClock();
  const journal = new Journal(() => clock.now());
  const server = new ApiServer({
    schemas: schemaSet,
    journal,
    random: Random.seeded(1),
    now: () => clock.now(),
    freeze: true,
    ...options,
  });
  await server.bootstrap();
  return {
    server,
    clock,
    journal,
    client: clientOf(server, 'tests'),
    as: (name) => clientOf(server, name),
  };
}

export function clientOf(server: ApiServer, fieldManager: string): Client {
  return createClient(localTransport(server), {
    user: { name: fieldManager, groups: ['system:masters'] },
    cause: { component: fieldManager, record: 0 },
    fieldManager,
  });
}

/** The refusal that a promise ends in, in the parts that clients look at. */
export async function refusal(answer: Promise<unknown>): Promise<object> {
  try {
    await answer;
  } catch (error) {
    const { code, reason, message, causes } = error as {
      code: number;
      reason: string;
      message: string;
      causes: readonly { field?: string }[];
    };
    const fields = causes.flatMap(({ field }) => field ?? []);
    return { code, reason, message, ...(fields.length > 0 ? { fields } : {}) };
  }
  throw new Error('the request was answered');
}
