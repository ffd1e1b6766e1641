import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';

const POLL_MS = 50;
const WAIT_MAX_MS = 5 * 60_000;

/** Does `work` while no other process that asks for the same lock does. A lock whose owner has died is nobody's. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  for (let waitedMs = 0; !take(path); waitedMs += POLL_MS) {
    if (isAbandoned(path)) rmSync(path, { force: true });
    else if (waitedMs >= WAIT_MAX_MS)
      throw new Error(`another build holds ${path} for five minutes; remove it if there is none`);
    else await after(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function take(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isAbandoned(path: string): boolean {
  try {
    const owner = Number(readFileSync(path, 'utf8'));
    // An empty file is one whose owner is about to write its number.
    if (owner > 0) process.kill(owner, 0);
    return false;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ESRCH' || code === 'ENOENT';
  }
}
