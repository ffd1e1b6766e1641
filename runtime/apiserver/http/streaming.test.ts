import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { yieldToEventLoop } from '../../base/index.ts';
import type { KubeObject } from '../../meta/index.ts';
import type { ServedEvent } from '../watch.ts';
import type { Outgoing } from './answer.ts';
import { WatchStream } from './streaming.ts';

class FakeResponse extends EventEmitter {
  writableNeedDrain = false;
  destroyed = false;
  readonly written: string[] = [];
  ended = false;

  writeHead(): void {}

  flushHeaders(): void {}

  write(text: string): void {
    this.written.push(text);
  }

  end(): void {
    this.ended = true;
  }
}

function open(): { response: FakeResponse; tell(...types: ServedEvent['type'][]): Promise<void> } {
  const response = new FakeResponse();
  const waiting: ServedEvent[] = [];
  let notify = (): void => {};
  new WatchStream(
    response as unknown as Outgoing,
    { contentType: 'x', timeoutMs: 1000, sendsBookmarks: false, frame: ({ type }) => type },
    (told) => {
      notify = told;
      return {
        next: () => waiting.shift(),
        bookmark: () => ({ type: 'BOOKMARK', object: {} as KubeObject }),
        close() {},
      };
    },
  );
  return {
    response,
    async tell(...types) {
      for (const type of types) {
        waiting.push({ type, object: {} as KubeObject });
        notify();
        await yieldToEventLoop();
      }
      await yieldToEventLoop();
    },
  };
}

it('holds nothing for a reader that is behind, and goes on when it has read', async () => {
  const { response, tell } = open();
  response.writableNeedDrain = true;
  await tell(...Array<'ADDED'>(50).fill('ADDED'));
  expect([response.written.length, response.listenerCount('drain')]).toEqual([0, 1]);
  response.writableNeedDrain = false;
  response.emit('drain');
  await yieldToEventLoop();
  await yieldToEventLoop();
  expect([response.written.length, response.listenerCount('drain')]).toEqual([50, 0]);
  await tell('MODIFIED');
  expect(response.written.at(-1)).toBe('MODIFIED');
});

it('ends after an error', async () => {
  const { response, tell } = open();
  await tell('ADDED', 'ERROR', 'ADDED');
  expect([response.written, response.ended]).toEqual([['ADDED', 'ERROR'], true]);
});
