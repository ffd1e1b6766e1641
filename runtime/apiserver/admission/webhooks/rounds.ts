import type { KubeObject } from '../../../meta/index.ts';

/** Which webhooks have been asked about a request, and which are to be asked again because others changed the object after them. */
export class Rounds {
  /** Whether admission goes through the chain once more. */
  wantsAnother = false;
  isSecond = false;
  #asked = new Set<string>();
  readonly #again = new Set<string>();
  #last: KubeObject | undefined;

  beginSecond(): void {
    this.wantsAnother = false;
    this.isSecond = true;
  }

  /** Others of the chain may have changed the object since the webhooks left it. */
  begin(object: KubeObject): void {
    if (this.isSecond && object !== this.#last) this.#askAgain();
  }

  /** In the second round only those are asked that want it and have a reason. */
  isSkipped(id: string): boolean {
    return this.isSecond && !this.#again.has(id);
  }

  done(id: string, isReinvocable: boolean, hasChanged: boolean): void {
    if (hasChanged) {
      this.#askAgain();
      this.wantsAnother = !this.isSecond;
    }
    if (isReinvocable) this.#asked.add(id);
  }

  end(object: KubeObject): void {
    this.#last = object;
  }

  #askAgain(): void {
    for (const id of this.#asked) this.#again.add(id);
    this.#asked = new Set();
  }
}
