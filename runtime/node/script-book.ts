import type { Behaviour, ImageProfile } from '../../generated/cluster/v1/types.ts';
import type { Container, Pod, PodSpec } from '../../generated/core/v1/types.ts';
import { type CompiledBehaviour, compileBehaviours, matching } from './behaviour-match.ts';
import { pullOf, scriptOf } from './behaviour-script.ts';
import { ephemeralContainers } from './ephemeral.ts';
import type { PodScripts } from './pod-worker.ts';
import type { ContainerScript } from './script.ts';

interface Remembered {
  readonly labels: Readonly<Record<string, string>> | undefined;
  readonly namespace: string | undefined;
  readonly revision: number;
  readonly init: readonly Container[] | undefined;
  readonly ephemeral: PodSpec['ephemeralContainers'];
  readonly scripts: PodScripts;
}

export interface BookSources {
  behaviours(): readonly Behaviour[];
  images(): readonly ImageProfile[];
}

/**
 * What the containers of each pod will do. Worked out once per template and edition of the behaviours: pods of one template
 * share their container specs, by which the answer is found again. A cache of a pure function, so no part of the state.
 */
export class ScriptBook {
  readonly #sources: BookSources;
  #remembered = new WeakMap<readonly Container[], Remembered>();
  #behaviours: readonly CompiledBehaviour[] | undefined;
  #images: readonly ImageProfile[] | undefined;
  #revision = 0;

  constructor(sources: BookSources) {
    this.#sources = sources;
  }

  /** Behaviours or images changed: everything is worked out again when asked for. */
  invalidate(): void {
    this.#behaviours = undefined;
    this.#images = undefined;
    this.#revision++;
  }

  of(pod: Pod): PodScripts {
    const containers = pod.spec?.containers ?? [];
    const init = pod.spec?.initContainers;
    const ephemeral = pod.spec?.ephemeralContainers;
    const { labels, namespace } = pod.metadata ?? {};
    const known = this.#remembered.get(containers);
    if (
      known &&
      known.revision === this.#revision &&
      known.labels === labels &&
      known.namespace === namespace &&
      known.init === init &&
      known.ephemeral === ephemeral
    )
      return known.scripts;
    const scripts = this.#write(pod, known?.revision === this.#revision ? known : undefined);
    this.#remembered.set(containers, {
      labels,
      namespace,
      revision: this.#revision,
      init,
      ephemeral,
      scripts,
    });
    return scripts;
  }

  /** Size of an image that `pod` runs. */
  sizeOf(pod: Pod, image: string): number {
    const { init, main, ephemeral } = this.of(pod);
    const at = pod.spec?.containers?.findIndex((each) => each.image === image) ?? -1;
    if (at >= 0) return main[at]!.pull.sizeBytes;
    const initAt = pod.spec?.initContainers?.findIndex((each) => each.image === image) ?? -1;
    if (initAt >= 0) return init[initAt]!.pull.sizeBytes;
    const putAt = pod.spec?.ephemeralContainers?.findIndex((each) => each.image === image) ?? -1;
    return ephemeral[putAt]?.pull.sizeBytes ?? this.imageSize(image);
  }

  /** Size of an image that no pod has asked for yet. */
  imageSize(image: string): number {
    this.#images ??= this.#sources.images();
    return pullOf(image, undefined, this.#images).sizeBytes;
  }

  #write(pod: Pod, similar: Remembered | undefined): PodScripts {
    const isSimilar =
      similar?.init === pod.spec?.initContainers &&
      similar?.ephemeral === pod.spec?.ephemeralContainers;
    if (similar && isSimilar && sameOwner(similar, pod)) return similar.scripts;
    return {
      init: (pod.spec?.initContainers ?? []).map((each) => this.#scriptOf(pod, each)),
      main: (pod.spec?.containers ?? []).map((each) => this.#scriptOf(pod, each)),
      ephemeral: ephemeralContainers(pod).map((each) => this.#scriptOf(pod, each)),
    };
  }

  #scriptOf(pod: Pod, container: Container): ContainerScript {
    this.#behaviours ??= compileBehaviours(this.#sources.behaviours());
    this.#images ??= this.#sources.images();
    return scriptOf(container, matching(this.#behaviours, pod, container), this.#images);
  }
}

/** Labels that are equal though not the same object, as over HTTP. */
function sameOwner(known: Remembered, { metadata }: Pod): boolean {
  const before = Object.entries(known.labels ?? {});
  const after = metadata?.labels ?? {};
  return (
    known.namespace === metadata?.namespace &&
    before.length === Object.keys(after).length &&
    before.every(([key, value]) => after[key] === value)
  );
}
