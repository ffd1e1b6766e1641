/** A request to a webhook outside of the cluster. */
export interface OutsideCall {
  readonly url: string;
  readonly body: string;
  /** In PEM; empty for those that the machine knows. */
  readonly authorities: string;
  readonly timeoutMs: number;
}

/** What came back, or how it failed in the words of Go's library. */
export type OutsideReply = { readonly tookMs: number } & (
  | { readonly status: number; readonly contentType: string; readonly body: string }
  | { readonly failure: string }
);

/** Thrown where an answer is needed that is still on its way: who answers the request waits for it, and begins again. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
  readonly key: string;
  readonly reply: Promise<unknown>;

  constructor(key: string, reply: Promise<unknown>) {
    super('a webhook outside of the cluster has not answered yet');
    this.key = key;
    this.reply = reply;
  }
}

const KEPT_MAX = 1000;

/** The way to webhooks outside of the cluster, with the answers that requests under way have had from there. */
export class Door {
  readonly #post: (call: OutsideCall) => Promise<OutsideReply>;
  readonly #asked = new Map<string, { reply?: OutsideReply; readonly coming: Promise<unknown> }>();

  constructor(post: (call: OutsideCall) => Promise<OutsideReply>) {
    this.#post = post;
  }

  /** The answer to what `key` names: the same for as long as nobody forgets it. Throws `Unanswered` until it is there. */
  ask(key: string, call: OutsideCall): OutsideReply {
    const known = this.#asked.get(key);
    if (known?.reply) return known.reply;
    if (known) throw new Unanswered(key, known.coming);
    const entry: { reply?: OutsideReply; coming: Promise<unknown> } = {
      coming: this.#post(call).then((reply) => {
        entry.reply = reply;
      }),
    };
    this.#asked.set(key, entry);
    if (this.#asked.size > KEPT_MAX) this.#forgetFirst();
    throw new Unanswered(key, entry.coming);
  }

  /** Of answers that nobody came back for. */
  #forgetFirst(): void {
    for (const [key, { reply }] of this.#asked)
      if (reply) {
        this.#asked.delete(key);
        return;
      }
  }

  /** The request that needed the answer is over. */
  forget(keys: readonly string[]): void {
    for (const key of keys) this.#asked.delete(key);
  }
}
