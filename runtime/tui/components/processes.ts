import type { PodProcess } from '../../client/index.ts';
import type { Message } from '../model/message.ts';
import type { ShellEffect } from '../model/shell.ts';
import type { World } from '../model/world.ts';

/** Processes in pods with which shells are connected. */
export class Processes {
  readonly #running = new Map<string, PodProcess>();
  readonly #tell: (message: Message) => void;

  constructor(tell: (message: Message) => void) {
    this.#tell = tell;
  }

  perform(effect: ShellEffect, world: World): void {
    const { id } = effect;
    if (effect.type === 'process-input') this.#running.get(id)?.write(effect.text);
    else if (effect.type === 'process-input-end') this.#running.get(id)?.endInput();
    else this.#begin(effect, world);
  }

  #begin({ id, target, command }: Extract<ShellEffect, { type: 'process' }>, world: World): void {
    const connections = world.pods()?.connections;
    if (!connections) {
      this.#tell({
        type: 'process-ended',
        id,
        end: { error: 'the pods cannot be reached any more' },
      });
      return;
    }
    const listener = {
      output: (text: string, stream: 'stdout' | 'stderr') =>
        this.#tell({ type: 'process-output', id, text, stream }),
      ended: (end: Extract<Message, { type: 'process-ended' }>['end']) => {
        this.#running.delete(id);
        this.#tell({ type: 'process-ended', id, end });
      },
    };
    this.#running.set(
      id,
      command ? connections.exec(target, command, listener) : connections.attach(target, listener),
    );
  }

  /** Leaves all but those. */
  keep(ids: ReadonlySet<string>): void {
    for (const [id, process] of this.#running) {
      if (ids.has(id)) continue;
      this.#running.delete(id);
      process.close();
    }
  }
}
