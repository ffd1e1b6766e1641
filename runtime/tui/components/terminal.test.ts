import { describe, expect, it } from 'vitest';
import { Terminal } from './terminal.ts';

function fake(): { terminal: Terminal; log: string[] } {
  const log: string[] = [];
  const terminal = new Terminal({
    stdin: { setRawMode: (isRaw) => log.push(`raw ${isRaw}`) },
    stdout: { write: (text) => log.push(text.replaceAll('\u001b', '^')) },
  });
  return { terminal, log };
}

describe('the terminal', () => {
  it('is borrowed and given back, once', () => {
    const { terminal, log } = fake();
    terminal.enter();
    terminal.clear();
    terminal.leave();
    terminal.leave();
    expect(log).toEqual([
      'raw true',
      '^[?1049h^[H^[2J^[?7l',
      '^[H^[2J',
      'raw false',
      '^[?7h^[?1049l^[?25h',
    ]);
  });

  it('that has gone is not given back', () => {
    const log: string[] = [];
    let isThere = true;
    const terminal = new Terminal({
      stdin: {
        setRawMode() {
          if (!isThere) throw new Error('setRawMode EIO');
        },
      },
      stdout: { write: (text) => log.push(text) },
    });
    terminal.enter();
    isThere = false;
    log.length = 0;
    terminal.leave();
    expect([terminal.isBorrowed, log]).toEqual([false, []]);
  });

  it('is lent while the process is stopped, and taken back whatever became of it', () => {
    const { terminal, log } = fake();
    terminal.enter();
    log.length = 0;
    terminal.lend();
    expect([terminal.isBorrowed, ...log]).toEqual([
      false,
      'raw false',
      '^[?7h^[?1049l^[?25h',
      '^[?2004l',
    ]);
    terminal.takeBack();
    expect(terminal.isBorrowed).toBe(true);
    expect(log.slice(3)).toEqual(['raw true', '^[?1049h^[H^[2J^[?7l', '^[?2004h^[?25l']);
  });

  it('is left alone when it was not borrowed', () => {
    const { terminal, log } = fake();
    terminal.clear();
    terminal.leave();
    expect(log).toEqual([]);
  });

  it('may be no terminal at all', () => {
    const written: string[] = [];
    const terminal = new Terminal({ stdin: {}, stdout: { write: (text) => written.push(text) } });
    terminal.enter();
    terminal.leave();
    expect(written).toHaveLength(2);
  });
});
