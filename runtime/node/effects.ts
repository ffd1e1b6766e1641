/** An Event (core/v1) that is due, about a pod. */
export interface PodEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly fieldPath?: string;
  /** How often it has happened since it was last told; once when left out. */
  readonly times?: number;
}

/** What a decision wants done besides the new status; collected while it is made, in order. */
export class Effects {
  readonly events: PodEvent[] = [];
  /** Images that this pod fetches, with the time at which they are complete. */
  readonly images: { readonly image: string; readonly atMs: number }[] = [];

  /** Until when the pulls that it asked for take the node's line, where images are pulled one after the other. */
  pullsUntilMs = 0;

  normal(fieldPath: string | undefined, reason: string, message: string, times = 1): void {
    this.#push({ type: 'Normal', reason, message }, fieldPath, times);
  }

  warning(fieldPath: string | undefined, reason: string, message: string, times = 1): void {
    this.#push({ type: 'Warning', reason, message }, fieldPath, times);
  }

  pulled(image: string, atMs: number): void {
    this.images.push({ image, atMs });
  }

  #push(event: PodEvent, fieldPath: string | undefined, times: number): void {
    this.events.push({
      ...event,
      ...(fieldPath === undefined ? {} : { fieldPath }),
      ...(times === 1 ? {} : { times }),
    });
  }
}

/** A duration as Kubernetes' messages print it: `850ms`, `1.2s`, `1m30s`, `5m0s`. */
export function elapsedText(ms: number): string {
  if (ms === 0) return '0s';
  if (ms < 1000) return `${ms}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor(ms / 60_000) % 60;
  const seconds = `${(ms % 60_000) / 1000}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}
