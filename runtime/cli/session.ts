import { clusters } from '../../generated/cluster/v1/resources.ts';
import type {
  Cluster as ClusterConfiguration,
  FaultSpec,
} from '../../generated/cluster/v1/types.ts';
import type { KubernetesVersion } from '../../generator/model/index.ts';
import {
  Author,
  type CheckResult,
  errorsOf,
  type Finding,
  findingForEviction,
  type OutcomeSources,
  openProject,
  outcomes,
  type Project,
  type SaveTarget,
} from '../authoring/index.ts';
import { afterWall, yieldToEventLoop } from '../base/index.ts';
import type { ApiAccess, Client, Control, ManifestError, Transport } from '../client/index.ts';
import {
  type Cluster,
  type ClusterOptions,
  createCluster,
  createControl,
  FaultError,
  type ManifestSource,
  Pacer,
  servingCertificates,
} from '../cluster/index.ts';
import {
  humanDuration,
  type KindDescriptor,
  type ResourceRef,
  resourceId,
  splitKey,
} from '../meta/index.ts';
import type { ApiOptions, OpenApi } from './api.ts';
import { CommandError, EXIT } from './exit-codes.ts';
import type { ManifestFolder } from './folder.ts';
import { StaticPods, type StaticPodsLook } from './static-pods.ts';

type Certificates = Awaited<ReturnType<typeof servingCertificates>>;

/** Attempts at what cannot work yet while a pacer drives the cluster, and the longest real time between two. */
const LIVE_ATTEMPTS_MAX = 200;
const LIVE_PAUSE_MAX_MS = 500;
/** Turns of the machine's event loop that a save waits for the cluster to have nothing to do at the moment. */
const TURNS_MAX = 50;
/** Units of work that are finished for a copy of a moment at which time stands still. */
const UNITS_MAX = 10_000;
/** Stretches of time that a sentence about them names. */
const HELD_SAID_MAX = 5;
/** Attempts, a second of virtual time apart, at what cannot work yet when nobody else drives the cluster. */
const ATTEMPTS_MAX = 60;

export interface SessionOptions {
  readonly folder: ManifestFolder;
  /** Instead of the one that the manifests name. */
  readonly seed?: number | undefined;
  /** What goes wrong in a new cluster. */
  readonly faults?: readonly FaultSpec[] | undefined;
  /** Of a new cluster. */
  readonly kubernetesVersion?: KubernetesVersion | undefined;
  /** The cluster to bring the folder into; a new one when absent. */
  readonly cluster?: Cluster | undefined;
  /** What a new cluster has to know before it begins. */
  readonly prepare?: (() => Promise<ClusterOptions>) | undefined;
  /** Takes over a new cluster; without it the session lets virtual time pass where a save has to wait. */
  drive?(cluster: Cluster): Driver;
  /** The state of the manifests has changed. */
  onChange?(): void;
  onFailure?(error: unknown): void;
  /** Folder of static pods of all kubelets that are told of no other, as the user named it. */
  readonly podManifestPath?: string | undefined;
}

/** Who makes a cluster work while saves come in. */
interface Driver extends Pick<SaveTarget, 'letWork' | 'copy'> {
  /** A save begins. */
  began(): void;
}

/** A folder of manifests and the cluster that it is brought into. */
export interface Session {
  readonly project: Project;
  readonly author: Author;
  /** Made with the first save that has no errors, as the manifests may say with which seed. */
  readonly cluster: Cluster | undefined;
  close(): Promise<void>;
}

async function newCluster(
  seed: number,
  { faults = [], kubernetesVersion, prepare }: SessionOptions,
): Promise<Cluster> {
  try {
    return await createCluster({
      ...(await prepare?.()),
      ...{ seed, faults },
      ...(kubernetesVersion ? { kubernetesVersion } : {}),
    });
  } catch (error) {
    if (error instanceof FaultError) throw new CommandError(error.message, EXIT.usage, error.help);
    throw error;
  }
}

/** Composes folder, project, author and cluster. Nothing is read or started before the author is told to. */
export function openSession(options: SessionOptions): Session {
  const { folder, onChange, onFailure } = options;
  const project = openProject({ folder: folder.path, relativeTo: folder.relativeTo });
  let cluster: Cluster | undefined;
  const author = new Author({
    project,
    folderName: folder.name,
    target: async (first) => {
      const { seed = 1 } = configurationOf(first) ?? {};
      cluster = options.cluster ?? (await newCluster(options.seed ?? seed, options));
      const drive = options.drive ?? passTime;
      return saveTarget(cluster, drive(cluster));
    },
    ...(onChange ? { onChange } : {}),
    ...(onFailure ? { onFailure } : {}),
  });
  return {
    project,
    author,
    get cluster() {
      return cluster;
    },
    close: () => author.close(),
  };
}

function saveTarget(cluster: Cluster, { began, ...driver }: Driver): SaveTarget {
  return {
    client: cluster.clientFor('authoring'),
    begin: (detail) => {
      began();
      const record = cluster.journal.input({ component: 'authoring', what: 'save', detail });
      return cluster.clientFor('authoring', record);
    },
    ...driver,
  };
}

function passTime(cluster: Cluster): Driver {
  return {
    began() {},
    async letWork(attempt) {
      if (attempt === 1) await cluster.drain();
      else await cluster.advance(1000);
      return attempt <= ATTEMPTS_MAX;
    },
  };
}

/** What the manifests say of the cluster itself. The seed is settled with its creation; the rest is followed. */
function configurationOf({ resources }: CheckResult): ClusterConfiguration['spec'] {
  const found = resources.find(({ ref }) => resourceId(ref) === resourceId(clusters));
  return (found?.object as ClusterConfiguration | undefined)?.spec;
}

/** What the screen asks of the folder behind a cluster. */
function manifestSource(
  cluster: Cluster,
  { author, project }: Session,
  statics: () => StaticPodsLook | undefined,
): ManifestSource {
  const sources = sourcesOf(cluster, author);
  const framed = (findings: readonly Finding[]): readonly ManifestError[] =>
    errorsOf(findings, project, false);
  return {
    state() {
      const { findings = [], sourceText = () => undefined } = statics() ?? {};
      const state = author.state();
      if (findings.length === 0) return state;
      const errors = errorsOf(findings, { sourceText }, true);
      return { ...state, errors: [...state.errors, ...errors] };
    },
    sourceOf: (resource, key) => author.sourceOf(resource, key),
    manifestOf(resource, key) {
      const found = author.manifestOf(resource, key);
      return (
        found && {
          object: found.object,
          positionOf(fieldPath) {
            const { file, line, column } = found.rangeOf(fieldPath);
            return { file, line, column };
          },
        }
      );
    },
    outcomes: (behind, scheduling) =>
      framed([...outcomes(sources, { behind, scheduling }), ...author.taken]),
    refusedEviction(podKey, error) {
      const { namespace = '', name } = splitKey(podKey);
      const found = findingForEviction(sources, { namespace, name }, error);
      return found && framed([found])[0];
    },
  };
}

/** The cluster's objects, and the manifests that they come from. */
export function sourcesOf({ transport }: Cluster, author: Author): OutcomeSources {
  return { transport, manifestOf: (resource, key) => author.manifestOf(resource, key) };
}

/** A cluster that lives while somebody watches. */
export interface Live {
  readonly kinds: readonly { readonly ref: ResourceRef; readonly descriptor: KindDescriptor }[];
  readonly transport: Transport;
  readonly control: Control;
  /** Reads on behalf of the user. */
  readonly client: Client;
  /**
   * An independent copy of the cluster as it is, or was, whose time stands still: whatever happens to it does not touch the cluster.
   * Throws when that moment is not held, or something is in flight.
   */
  copy(of: Moment): Promise<LiveCopy>;
  /** For one request of the user: the journal notes `detail` as the cause of what is written through it. */
  request(detail: Readonly<Record<string, unknown>>): Client;
}

export type Moment = 'now' | { readonly revision: number } | { readonly atMs: number };

export interface LiveCopy {
  readonly live: Live;
  /** What it is to be compared with: for a copy of now the same again, for one of the past the cluster itself. */
  readonly other: { readonly isLater: boolean; readonly transport: Transport };
  stop(): Promise<void>;
}

/** A live session may serve its cluster's API to other programs. */
export interface Serves extends Pick<ApiOptions, 'port' | 'kubeconfig'> {
  readonly workingFolder: string;
  /** The API is open. */
  opened(access: ApiAccess): void;
  /** It cannot be, for this reason. */
  refused(error: unknown): void;
}

/**
 * A session whose cluster follows the wall clock; `attached` is handed the cluster when there is one. Times of its faults count from
 * the moment at which the first save is applied: an eager clock would be past them before.
 */
export function openLiveSession(
  options: Omit<SessionOptions, 'drive' | 'prepare'> & {
    readonly serves?: Serves;
    attached(live: Live): void;
    /** Folders of static pods have been looked at. */
    staticPods?(look: StaticPodsLook): void;
  },
): Session {
  const { serves } = options;
  let pacer: Pacer | undefined;
  let certificates: Certificates | undefined;
  let api: Promise<OpenApi | undefined> | undefined;
  const { faults = [], ...rest } = options;
  let mayHit = true;
  let statics: StaticPods | undefined;
  let look: StaticPodsLook | undefined;
  const session = openSession({
    ...rest,
    prepare: serves && prepare,
    onChange() {
      const { phase, changed } = session.author.state();
      if (mayHit && phase === 'idle' && changed) {
        mayHit = false;
        for (const fault of faults) session.cluster?.inject(fault);
        if (faults.length > 0) pacer?.nudge();
      }
      options.onChange?.();
    },
    drive(cluster) {
      const driver = new Pacer(cluster, 'eager');
      pacer = driver;
      driver.onChange(() => {
        for (const { error } of cluster.failures.splice(0)) options.onFailure?.(error);
      });
      options.attached(liveView(cluster, driver, session, () => look));
      follow(cluster, driver);
      driver.start();
      api = serves && serve(cluster, driver, serves);
      return followPacer(cluster, driver);
    },
  });

  function follow(cluster: Cluster, driver: Pacer): void {
    const { folder: manifests, podManifestPath } = options;
    const followed = new StaticPods(cluster, { manifests, podManifestPath });
    statics = followed;
    const looked = (now: StaticPodsLook): void => {
      look = now;
      options.staticPods?.(now);
      options.onChange?.();
    };
    const failed = (error: unknown): void => options.onFailure?.(error);
    const again = (): void => followed.follow(() => driver.nudge(), looked, failed);
    driver.onChange(again);
    again();
  }

  async function prepare(): Promise<ClusterOptions> {
    certificates = await servingCertificates();
    const { authority: rootCertificate, issuer } = certificates;
    return { rootCertificate, issuer };
  }

  async function serve(
    cluster: Cluster,
    driver: Pacer,
    { workingFolder, port, kubeconfig, opened, refused }: Serves,
  ): Promise<OpenApi | undefined> {
    const onFailure = (error: unknown): void => options.onFailure?.(error);
    try {
      const { openApi } = await import('./api.ts');
      const asked = { port, kubeconfig, certificates, onFailure };
      const open = await openApi({ workingFolder }, cluster, driver, asked);
      opened(open);
      return open;
    } catch (error) {
      refused(error);
      return undefined;
    }
  }

  return {
    project: session.project,
    author: session.author,
    get cluster() {
      return session.cluster;
    },
    async close() {
      await Promise.all([session.close(), statics?.close(), api?.then((open) => open?.close())]);
      await pacer?.stop();
    },
  };
}

function liveView(
  cluster: Cluster,
  pacer: Pacer,
  session: Session,
  statics: () => StaticPodsLook | undefined,
): Live {
  return {
    get kinds() {
      return cluster.kinds;
    },
    transport: cluster.transport,
    control: createControl(cluster, pacer, manifestSource(cluster, session, statics)),
    copy: (of) => copyOf(cluster, pacer, session, of),
    client: cluster.clientFor('user'),
    request(detail) {
      const record = cluster.journal.input({ component: 'user', what: 'request', detail });
      pacer.nudge();
      return cluster.clientFor('user', record);
    },
  };
}

async function copyOf(
  cluster: Cluster,
  pacer: Pacer,
  session: Session,
  of: Moment,
): Promise<LiveCopy> {
  if (!(await atRest(cluster, pacer)))
    throw new Error('something is in flight: a copy is taken between two moments');
  cluster.keepMoment();
  const copy = of === 'now' ? await cluster.fork() : await cluster.rewind(of);
  if (!copy) throw new Error(`that moment is not held; there are ${heldText(cluster)}`);
  const isLater = of !== 'now';
  const other = { isLater, transport: (isLater ? cluster : await cluster.fork()).transport };
  const own = new Pacer(copy, 'paused');
  own.start();
  const live = liveView(copy, own, session, () => undefined);
  return { live, other, stop: () => own.stop() };
}

/** `rev 350-452 (2s-13s), 460-505 (20s-3m)`: what can be gone back to, the newest last, with times since the start. */
function heldText(cluster: Cluster): string {
  const held = cluster.stretches().slice(-HELD_SAID_MAX);
  const since = (ms: number): string => humanDuration(ms - cluster.startMs);
  const texts = held.map(
    ({ revision, untilRevision, atMs, untilMs }) =>
      `${revision}-${untilRevision} (${since(atMs)}-${since(untilMs)})`,
  );
  return `rev ${texts.join(', ')}`;
}

/** A driver for saves into a cluster that somebody else paces. */
export function followPacer(cluster: Cluster, pacer: Pacer): Driver {
  return {
    began: () => pacer.nudge(),
    async letWork(attempt) {
      pacer.nudge();
      await atRest(cluster, pacer);
      const pauseMs = Math.min(10 * attempt, LIVE_PAUSE_MAX_MS);
      await new Promise<void>((resolve) => afterWall(pauseMs, resolve));
      return attempt <= LIVE_ATTEMPTS_MAX;
    },
    async copy() {
      if (!(await atRest(cluster, pacer))) return undefined;
      const copy = await cluster.fork();
      return { client: copy.client, letWork: passTime(copy).letWork };
    },
  };
}

/** Lets the cluster do what it has to do at this moment: by the pacer's turns, or here where time stands still. False if it does not come to that. */
async function atRest({ loop }: Cluster, pacer: Pacer): Promise<boolean> {
  if (pacer.mode === 'paused') await pacer.finishMoment(UNITS_MAX);
  for (let turn = 0; turn < TURNS_MAX && !loop.idle && pacer.mode !== 'paused'; turn++)
    await yieldToEventLoop();
  return loop.idle;
}
