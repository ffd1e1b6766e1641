import type { PodAccess } from '../pod-connections.ts';
import type { HttpAccess } from './connection.ts';

/** The way to what runs in pods, over an API server. What it takes is loaded with the first call. */
export async function podAccess(access: HttpAccess, changed: () => void): Promise<PodAccess> {
  const [{ PodStreams }, { PortForwarder }] = await Promise.all([
    import('./pod-streams.ts'),
    import('./port-forwarder.ts'),
  ]);
  const connections = new PodStreams(access);
  return { connections, forwards: new PortForwarder(connections, changed) };
}
