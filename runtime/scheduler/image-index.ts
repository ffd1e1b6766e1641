import type { Node } from '../../generated/core/v1/types.ts';
import { normalizeImage } from './pod-shape.ts';

interface ImageState {
  readonly sizeBytes: number;
  readonly nodes: number;
}

/** Which images lie on how many nodes, for ImageLocality. Immutable entries, so that a fork shares them. */
export class ImageIndex {
  #images: Map<string, ImageState>;
  #shared: boolean;

  constructor(from?: ImageIndex) {
    this.#images = from ? from.#images : new Map();
    this.#shared = from !== undefined;
    if (from) from.#shared = true;
  }

  get empty(): boolean {
    return this.#images.size === 0;
  }

  get(name: string): ImageState | undefined {
    return this.#images.get(name);
  }

  /** Takes a node's old list of images out and its new one in. */
  replace(before: Node | undefined, after: Node | undefined): void {
    const old = before?.status?.images;
    const now = after?.status?.images;
    if (old === now || (!old?.length && !now?.length)) return;
    if (this.#shared) {
      this.#images = new Map(this.#images);
      this.#shared = false;
    }
    for (const [name] of namesOf(old)) this.#add(name, undefined, -1);
    for (const [name, sizeBytes] of namesOf(now)) this.#add(name, sizeBytes, 1);
  }

  #add(name: string, sizeBytes: number | undefined, sign: 1 | -1): void {
    const known = this.#images.get(name);
    const nodes = (known?.nodes ?? 0) + sign;
    if (nodes <= 0) this.#images.delete(name);
    else this.#images.set(name, { sizeBytes: sizeBytes ?? known?.sizeBytes ?? 0, nodes });
  }
}

/** Each name once, with the size of its image. */
export function namesOf(images: NonNullable<Node['status']>['images']): Map<string, number> {
  const names = new Map<string, number>();
  for (const image of images ?? [])
    for (const name of (image.names ?? []) as readonly string[])
      names.set(normalizeImage(name), Number(image.sizeBytes ?? 0));
  return names;
}
