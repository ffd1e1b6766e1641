import { resolve } from 'node:path';
import { clusters } from '../../generated/cluster/v1/resources.ts';
import type { Pod } from '../../generated/core/v1/types.ts';
import {
  type Finding,
  type FolderWatch,
  openStaticPods,
  type StaticPodFolder,
  watchFolder,
} from '../authoring/index.ts';
import type { Client, Transport } from '../client/index.ts';
import { hasErrors, KEPT, reportCheck } from './findings.ts';
import type { ManifestFolder } from './folder.ts';
import type { Io } from './io.ts';

/** A cluster whose nodes run static pods, as far as they are its concern. */
interface Cluster {
  readonly transport: Transport;
  clientFor(component: string): Client;
  writeStaticPods(path: string, pods: readonly Pod[]): void;
}

/** Who drives it. */
interface Pacer {
  nudge(): void;
  onChange(listener: () => void): () => void;
}

/** What a look at the folders of static pods found. */
export interface StaticPodsLook {
  readonly findings: readonly Finding[];
  readonly sourceText: StaticPodFolder['sourceText'];
}

export interface StaticPodsOptions {
  readonly manifests: Pick<ManifestFolder, 'path' | 'relativeTo'>;
  /** Of all kubelets that are told of no other folder. */
  readonly podManifestPath?: string | undefined;
}

const MANIFEST = /\.(ya?ml|json)$/;

/** The folders from which the kubelets of a cluster run static pods: those that its Cluster names, and the one of the command line. */
export class StaticPods {
  readonly #options: StaticPodsOptions;
  readonly #cluster: Cluster;
  /** By the path as kubelets are told of it; the empty one is that of the command line. */
  readonly #folders = new Map<string, StaticPodFolder>();
  #watches: readonly FolderWatch[] = [];
  /** The Clusters when it was last looked which folders they name. */
  #named: readonly unknown[] = [undefined];
  #reading: Promise<unknown> = Promise.resolve();

  constructor(cluster: Cluster, options: StaticPodsOptions) {
    this.#cluster = cluster;
    this.#options = options;
  }

  /** Reads all of them, and hands the cluster what they say. `began` is called before anything of it changes. */
  read(began: () => void = () => {}): Promise<StaticPodsLook> {
    const look = this.#reading.then(() => this.#read(began));
    this.#reading = look.catch(() => {});
    return look;
  }

  /**
   * Follows them until it is closed: `looked` is told of every look after the first. `follow` is called again when the Cluster may name
   * others; those that are followed already are left alone.
   */
  follow(
    began: () => void,
    looked: (look: StaticPodsLook) => void,
    failed: (error: unknown) => void,
  ): void {
    const named = this.#cluster.transport.lister(clusters).list();
    if (named.length === this.#named.length && named.every((each, at) => each === this.#named[at]))
      return;
    this.#named = named;
    const look = (): void => {
      this.read(began).then(looked, failed);
    };
    for (const [path, folder] of this.#wanted())
      if (!this.#folders.has(path)) {
        this.#folders.set(path, folder);
        // What changes before a watch is ready nobody tells: only then is there a first look.
        const watch = watchFolder(folder.path, look, failed, MANIFEST);
        this.#watches = [...this.#watches, watch];
        void watch.ready.then(look);
      }
  }

  async close(): Promise<void> {
    for (const watch of this.#watches) await watch.close();
    await this.#reading;
  }

  async #read(began: () => void): Promise<StaticPodsLook> {
    for (const [path, folder] of this.#wanted())
      if (!this.#folders.has(path)) this.#folders.set(path, folder);
    const findings: Finding[] = [];
    for (const [path, folder] of this.#folders) {
      const found = await folder.read(this.#cluster.clientFor('authoring'));
      findings.push(...found.findings);
      began();
      this.#cluster.writeStaticPods(path, found.pods);
    }
    const folders = [...this.#folders.values()];
    const sourceText = (file: string): string | undefined =>
      folders.map((each) => each.sourceText(file)).find((text) => text !== undefined);
    return { findings, sourceText };
  }

  #wanted(): Map<string, StaticPodFolder> {
    const { manifests, podManifestPath } = this.#options;
    const found = new Map<string, StaticPodFolder>();
    const add = (path: string, folder: string): void => {
      if (!found.has(path)) found.set(path, openStaticPods(folder, manifests.relativeTo));
    };
    if (podManifestPath !== undefined) add('', resolve(manifests.relativeTo, podManifestPath));
    for (const { spec } of this.#cluster.transport.lister(clusters).list()) {
      const { kubelet, nodePools = [] } = spec ?? {};
      const paths = [
        kubelet?.staticPodPath ?? kubelet?.podManifestPath,
        ...nodePools.map((pool) => pool.staticPodPath),
      ];
      for (const path of paths) if (path) add(path, resolve(manifests.path, path));
    }
    return found;
  }
}

/** Follows them in a cluster that runs already: frames of mistakes on `err`. */
export function followStatics(
  io: Pick<Io, 'err' | 'color'>,
  cluster: Cluster,
  pacer: Pacer,
  options: StaticPodsOptions,
): { close(): Promise<void> } {
  const statics = new StaticPods(cluster, options);
  const again = (): void =>
    statics.follow(
      () => pacer.nudge(),
      ({ findings, sourceText }) => {
        const note = hasErrors(findings) ? KEPT : undefined;
        reportCheck(io, { printed: '' }, findings, sourceText, note);
      },
      (error) => io.err(`slipway: ${String(error)}\n`),
    );
  const stop = pacer.onChange(again);
  again();
  return {
    close() {
      stop();
      return statics.close();
    },
  };
}
