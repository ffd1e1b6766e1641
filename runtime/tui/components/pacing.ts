/** Changes of the world are shown at most this often; keys at once. */
export const FRAME_MS = 80;
/** Of all time, frames take at most one part in so many: a large cluster needs the rest for its work. */
const FRAME_SHARE = 4;

/** Whether the world may be looked at again, so many ticks after the last look, when frames cost so much since then. */
export function mayLook(ticks: number, frameMs: number): boolean {
  return ticks * FRAME_MS >= frameMs * FRAME_SHARE;
}

/** What is asked of the API for the screen is asked at most this often, and marks of what has changed go so often. */
export const BEAT_MS = 2000;

/** Beats until something may be asked again whose answer took so long. */
export function beatsBetween(answerMs: number): number {
  return Math.max(1, Math.ceil((answerMs * FRAME_SHARE) / BEAT_MS));
}
