import type { Channels } from './channels.ts';
import { ERROR } from './channels.ts';

/** A process that was killed with its container. */
export const KILLED = 137;

/** A Status, as far as it is told. */
interface Told {
  readonly metadata: object;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: object;
  readonly code?: number;
}

/** Tells a client how its command ended, and closes. */
export function finishWith(channels: Channels, code: number): void {
  finish(channels, code === 0 ? SUCCESS : failed(code));
}

/** Tells a client why there is no process to be connected with, in the kubelet's words, and closes. */
export function finishWrong(channels: Channels, wrong: string): void {
  finish(channels, {
    metadata: {},
    status: 'Failure',
    message: `Internal error occurred: ${wrong}`,
    reason: 'InternalError',
    details: { causes: [{ message: wrong }] },
    code: 500,
  });
}

const SUCCESS: Told = { metadata: {}, status: 'Success' };

function failed(code: number): Told {
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: command terminated with exit code ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  };
}

function finish(channels: Channels, status: Told): void {
  const { message = '' } = status;
  channels.send(ERROR, Buffer.from(channels.tellsObjects ? JSON.stringify(status) : message));
  channels.finish();
}
