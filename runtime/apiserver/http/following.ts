import { afterWall } from '../../base/index.ts';
import type { ApiResponse } from '../../meta/index.ts';
import type { Outgoing } from './answer.ts';

/** Real time between two looks at a log that is followed. */
const EVERY_MS = 250;

/**
 * Sends a log and then what is added to it, until the container has ended or the client goes. `whole` gives all of the log as it
 * is; it only grows, so that what is new is what stands behind what was there.
 */
export function followLog(
  response: Outgoing,
  first: ApiResponse,
  whole: () => Promise<ApiResponse>,
): void {
  let known: number | undefined;
  let isOver = false;
  response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'no-cache, private' });
  response.flushHeaders();
  response.write(first.text ?? '');
  response.on('close', () => {
    isOver = true;
  });

  async function look(): Promise<void> {
    if (isOver) return;
    const { code, text = '', isWhole = false } = await whole();
    if (known !== undefined && text.length > known) response.write(text.slice(known));
    known = text.length;
    if (isWhole || code >= 400) response.end();
    else afterWall(EVERY_MS, () => void look(), true);
  }

  void look();
}
