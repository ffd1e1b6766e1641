import { createPublicKey } from 'node:crypto';
import { pods } from '../../generated/core/v1/resources.ts';
import type { KubernetesVersion } from '../../generator/model/index.ts';
import { type AdmissionOptions, type AuthorizationMode, seededKey } from '../apiserver/index.ts';
import { type Issuer, Random } from '../base/index.ts';
import type { SchedulingExplanation } from '../client/index.ts';
import { createNodes } from '../node/index.ts';
import { createScheduler, currentView, explain, type SchedulerConfig } from '../scheduler/index.ts';
import { apiForPods } from './api-for-pods.ts';
import type { Cluster } from './cluster.ts';
import type { Slot } from './components.ts';
import { controllerSlots } from './controllers.ts';
import { expirySweeper } from './expiry.ts';

export interface ControlPlaneOptions {
  /** The version of Kubernetes whose kinds are served and whose behaviour is followed where it differs. */
  readonly kubernetesVersion?: KubernetesVersion;
  readonly scheduler?: SchedulerConfig;
  /** By which pods know the API server, PEM: the authority of the certificates with which it is served. */
  readonly rootCertificate?: string;
  /** The authority that signs certificates; one that derives from the seed when absent. */
  readonly issuer?: Issuer;
  /** Names of components to leave out. */
  readonly without?: readonly string[];
  /** Which admission plugins the API server leaves out: those whose work a missing component would have to undo. */
  readonly admission?: AdmissionOptions;
  /** Who may what; as roles say when absent. */
  readonly authorization?: AuthorizationMode;
}

/** Every component of a cluster, in the order in which they start. */
export function controlPlane(options: ControlPlaneOptions, cluster: Cluster): Slot[] {
  const slots: Slot[] = [
    ...controllerSlots(cluster.kinds, {
      issue: (account, secret) => cluster.server.authenticator.secrets.issue(account, secret),
      certificate: options.rootCertificate,
      issuer: () => options.issuer ?? seededIssuer(cluster.seed),
      kubernetesVersion: options.kubernetesVersion,
    }),
    { name: 'scheduler', create: createScheduler(schedulerConfig(options)) },
    {
      name: 'nodes',
      create: createNodes({
        kubernetesVersion: options.kubernetesVersion,
        api: (call) => apiForPods(cluster.server, options.kubernetesVersion, call),
        manifests: (path) => cluster.staticPodsIn(path),
      }),
    },
    { name: 'expiry', create: expirySweeper((nowMs) => sweep(cluster, nowMs)) },
  ];
  return slots.filter(({ name }) => !options.without?.includes(name));
}

/** What the API server sees to from time to time. */
async function sweep({ server }: Cluster, nowMs: number): Promise<void> {
  await server.expire(nowMs);
  await server.restore();
}

/** The authority of a cluster whose runs can be repeated, certificates included. */
function seededIssuer(seed: number): Issuer {
  const privateKey = seededKey(Random.seeded(seed).stream('certificate-authority'));
  const name = { commonName: 'slipway-ca', organizations: [] };
  return { name, privateKey, publicKey: createPublicKey(privateKey) };
}

/** The scheduler follows the cluster's version unless its own settings name one. */
function schedulerConfig({ kubernetesVersion, scheduler }: ControlPlaneOptions): SchedulerConfig {
  return { ...(kubernetesVersion ? { kubernetesVersion } : {}), ...scheduler };
}

/** The scheduling of one pod, computed from the objects as they are now. */
export function explainPod(cluster: Cluster, podKey: string): SchedulingExplanation | undefined {
  const { transport, options } = cluster;
  const pod = transport.lister(pods).byKey(podKey);
  if (!pod) return undefined;
  const view = currentView(transport, schedulerConfig(options));
  return explain(pod, view);
}
