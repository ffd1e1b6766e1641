import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const BIN = fileURLToPath(new URL('../../dist/runtime/cli/bin.js', import.meta.url));
const POLL_MS = 200;
const POLLS_MAX = 300;

const hasTmux = spawnSync('tmux', ['-V']).status === 0;
const MISSED = !hasTmux
  ? 'tmux is not installed: the screen was not seen in a terminal'
  : existsSync(BIN)
    ? undefined
    : 'the package is not built (npm run prepare): the screen was not seen in a terminal';

const manifest = (replicas: string): string => `
import { Deployment } from 'slipway/apps/v1';
import { Node } from 'slipway/core/v1';

export const nodes = ['n1', 'n2'].map((name) => new Node({ metadata: { name } }));

export const web = new Deployment({
  metadata: { name: 'web' },
  spec: {
    replicas: ${replicas},
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image: 'nginx:1' }] },
    },
  },
});

import { Behaviour } from 'slipway/cluster/v1';

export const behaviour = new Behaviour({
  metadata: { name: 'web' },
  spec: {
    exec: [
      { command: ['hostname'], stdout: 'a-simulated-host\\n' },
      { command: ['cat'], input: 'Echoed' },
    ],
    http: [{ port: 80, path: '/hello', body: 'hello from a pod' }],
    logs: [{ line: 'tick', every: '1s' }],
  },
});
`;

let desks = 0;

/** A terminal with a person in front of it, and a folder of manifests. */
class Desk {
  readonly folder = mkdtempSync(join(tmpdir(), 'slipway-tui-'));
  #isThere = true;
  readonly #socket = `slipway-${process.pid}-${desks++}`;

  constructor(columns = 100, rows = 30) {
    this.save(manifest('3'));
    const size = ['-x', String(columns), '-y', String(rows)];
    this.#tmux(
      '-f',
      '/dev/null',
      'new-session',
      '-d',
      ...size,
      `env PS1='desk> ' SLIPWAY_CONFIG_DIR=${this.folder}/none sh`,
    );
  }

  save(text: string): void {
    writeFileSync(join(this.folder, 'shop.ts'), text);
  }

  /** Starts watching; `prefix` goes before the command, such as a variable. */
  watch(prefix = '', options = ''): void {
    const { folder } = this;
    this.type(
      `${prefix} sh -c 'echo $$ > ${folder}/pid; exec ${process.execPath} ${BIN} watch ${folder} ${options}'; echo "left with $?"`,
      'Enter',
    );
  }

  type(...keys: readonly string[]): void {
    this.#tmux('send-keys', ...keys);
  }

  kill(signal: NodeJS.Signals | 0): void {
    process.kill(Number(readFileSync(join(this.folder, 'pid'), 'utf8')), signal);
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  ask(format: string): string {
    return this.#tmux('display-message', '-p', format).trim();
  }

  screen(...options: readonly string[]): string {
    return this.#tmux('capture-pane', '-p', ...options);
  }

  /** Waits until the screen shows `text`; no longer than the program runs. */
  async see(text: string | RegExp): Promise<string> {
    for (let poll = 0; poll < POLLS_MAX; poll++) {
      const screen = this.screen();
      if (typeof text === 'string' ? screen.includes(text) : text.test(screen)) return screen;
      if (/left with \d/.test(screen) && poll > 10) break;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    throw new Error(`never saw ${text}; the last screen was:\n${this.screen()}`);
  }

  /** The terminal is gone, with whoever was in front of it. */
  unplug(): void {
    this.#tmux('kill-server');
    this.#isThere = false;
  }

  leave(): void {
    if (this.#isThere) this.unplug();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #tmux(...args: readonly string[]): string {
    return execFileSync('tmux', ['-L', this.#socket, ...args], { encoding: 'utf8' });
  }
}

if (MISSED !== undefined) {
  it('sees the screen in a real terminal', (context) => context.skip(MISSED));
} else {
  describe('the screen in a real terminal', () => {
    let desk: Desk;
    beforeEach(() => {
      desk = new Desk();
    });
    afterEach(() => desk.leave());

    /** The shell is back, with all that it had shown and as it was. */
    async function isAsBefore(): Promise<void> {
      const screen = await desk.see(/left with \d/);
      expect(screen.replaceAll('\n', '')).toContain('watch');
      expect(screen).not.toContain('convergence');
      expect(desk.ask('#{alternate_on} #{cursor_flag} #{wrap_flag}')).toBe('0 1 1');
      desk.type('stty -a', 'Enter');
      await desk.see(/[^-]echo[^a-z]/);
      await desk.see(/[^-]icanon/);
    }

    it('follows what is saved, shows mistakes, and mends', async () => {
      desk.watch();
      await desk.see(/✓ +deploy\/web .* 3 +3 +0 /);
      await desk.see('pods 3/3');
      expect(desk.ask('#{alternate_on}')).toBe('1');

      desk.save(manifest('5'));
      const grown = await desk.see(/✓ +deploy\/web .* 5 +5 +0 /);
      expect(grown).toMatch(/parse \d+ check \d+ evaluate \d+ apply \d+ ms/);
      expect(grown).toContain('+0 ~1 -0');

      desk.save(manifest(`'five'`));
      const broken = await desk.see('nothing of this save is applied');
      expect(broken).toContain('shop.ts:10:');
      expect(broken).toContain('pods 5/5');
      desk.type('Escape');
      await desk.see(/✓ +deploy\/web .* 5 +5 +0 /);
      expect(desk.screen()).toMatch(/✗ \d+ error/);

      desk.save(manifest('2'));
      await desk.see(/✓ +deploy\/web .* 2 +2 +0 /);
      await desk.see('pods 2/2');
      expect(desk.screen()).not.toMatch(/✗ \d+ error/);
      desk.type(':q', 'Enter');
      await isAsBefore();
    });

    it('goes where the keys lead, in any size', async () => {
      desk.watch();
      await desk.see('pods 3/3');
      desk.type('Enter');
      await desk.see(/pods\(deployment\/web\)\[3\]/);
      desk.type('d');
      await desk.see(/Controlled By: +ReplicaSet\/web-/);
      desk.type('G');
      await desk.see(/Normal +Started/);
      desk.type('y');
      await desk.see('apiVersion: v1');
      desk.type('W');
      await desk.see('NodeResourcesFit');
      desk.type(':nodes', 'Enter');
      await desk.see(/n2 +Ready/);
      desk.type('/n1', 'Enter');
      await desk.see('nodes(cluster)[1/2]');
      desk.resize(60, 14);
      await desk.see('nodes(cluster)[1/2]');
      desk.resize(1, 1);
      desk.resize(20, 5);
      await desk.see('20x5');
      desk.resize(100, 30);
      const screen = await desk.see(/<enter> open[\s\S]*\n?$/);
      expect(screen.split('\n').filter((line) => line.startsWith('└'))).toHaveLength(1);
      desk.type('C-c');
      await isAsBefore();
    });

    it('stops the clock, and steps', async () => {
      desk.watch();
      await desk.see('pods 3/3');
      desk.type(',');
      await desk.see('paused');
      const revision = /rev (\d+)/.exec(desk.screen())?.[1];
      let steps = 0;
      while (desk.screen().includes(`rev ${revision} `) && steps++ < 60) {
        desk.type('.');
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
      expect(desk.screen()).not.toContain(`rev ${revision} `);
      expect(desk.screen()).toContain('paused');
      desk.type('=');
      await desk.see('x1 ▶');
      desk.type(',', ',');
      await desk.see('eager');
      desk.type(':quit', 'Enter');
      await isAsBefore();
    });

    it('scales, drains and deletes, and shows what came of it', async () => {
      desk.watch();
      await desk.see('pods 3/3');
      desk.type(':deploy', 'Enter');
      await desk.see(/▌ +default +web +3\/3/);
      desk.type('s', 'C-u', '5', 'Enter');
      await desk.see('deploy/web is scaled to 5');
      await desk.see('pods 5/5');
      desk.type('D');
      await desk.see(/✗ +spec\.replicas +shop\.ts:10 +3 +5 +5/);
      desk.type(':nodes', 'Enter');
      await desk.see(/n1 +Ready/);
      desk.type('r');
      await desk.see('Drain node n1?');
      desk.type('y');
      await desk.see(/pods evicted from n1/);
      await desk.see('Ready,SchedulingDisabled');
      desk.type(':po', 'Enter');
      await desk.see('pods 5/5');
      desk.type('Space', 'j', 'Space');
      await desk.see('2 marked');
      desk.type('C-\\');
      await desk.see(/pods\(all\)\[5\] ─/);
      desk.type('j', 'C-Space');
      await desk.see('1 marked');
      desk.type('g', 'C-Space');
      await desk.see('3 marked');
      desk.type('C-d');
      await desk.see('Delete 3 pods?');
      desk.type('Tab', 'Enter');
      await desk.see('3 pods are being deleted');
      desk.type('T', 'g');
      await desk.see(/timeline pods\/default/);
      desk.type(':tl', 'Enter', '/user', 'Enter');
      await desk.see(/user +request/);
      desk.type('G', 'Enter');
      await desk.see('causes and effects of record');
      desk.type(':q', 'Enter');
      await isAsBefore();
    });

    it('tries things on a copy, and goes back in time', async () => {
      desk.watch();
      await desk.see('pods 3/3');
      desk.type(':deploy', 'Enter');
      await desk.see(/▌ +default +web/);
      desk.type('C-d');
      await desk.see('with it go 1 replicaset, 3 pods');
      desk.type('w');
      await desk.see(/COPY of rev \d+/);
      await desk.see(/- +deploy\/web/);
      await desk.see('pods 0/0');
      desk.type(':now', 'Enter');
      await desk.see(/web +3\/3/);
      const revision = /rev (\d+)/.exec(desk.screen())?.[1] ?? '';
      desk.type('s', 'C-u', '1', 'Enter');
      await desk.see('pods 1/1');
      desk.type(`:at ${revision}`, 'Enter');
      await desk.see(`COPY of rev ${revision}`);
      await desk.see('paused');
      await desk.see('pods 3/3');
      desk.type(':changes', 'Enter');
      await desk.see(/spec\.replicas 3 -> 1/);
      desk.type(':until converged', 'Enter');
      await desk.see('there it is');
      desk.type(':now', 'Enter', ':fault node=n1', 'Enter');
      await desk.see('faults: 1 active');
      desk.type('X', 'C-d');
      await desk.see('is over');
      desk.type('C-c');
      await isAsBefore();
    });

    it('shows what pods write, also on the whole screen', async () => {
      desk.watch();
      await desk.see('pods 3/3');
      desk.type(':po', 'Enter', 'l');
      await desk.see('logs default/web-');
      desk.type('q', 'Enter');
      await desk.see(/containers\(default\/web-/);
      desk.type('y', 'f');
      await desk.see(/^┌─ yaml/);
      desk.type('f', 'C-e');
      await desk.see(/^┌─ yaml/);
      desk.type('C-e', 'c');
      await desk.see('copied the text');
      desk.type(':q', 'Enter');
      await isAsBefore();
    });

    it('types into a pod, and comes back to the list', async () => {
      desk.watch();
      await desk.see(/pods 3\/3 .*https/);
      desk.type(':po', 'Enter');
      await desk.see('pods(all)[3]');
      desk.type('s');
      await desk.see('shell default/web-');
      desk.type('hostname', 'Enter');
      await desk.see('a-simulated-host');
      desk.type('cat', 'Enter', 'to and fro', 'Enter');
      await desk.see(/to and fro[\s│]+to and fro/);
      desk.type('C-d');
      await desk.see(/\$ +│/);
      desk.type('ls', 'Enter');
      await desk.see(/etc +│/);
      desk.type('frobnicate', 'Enter');
      await desk.see('"frobnicate": executable file not found in $PATH');
      desk.type('exit', 'Enter');
      await desk.see('pods(all)[3]');
      desk.type('a');
      await desk.see(/attached to[^┐]*┐[\s\S]* tick /);
      desk.type('Escape', 'Escape');
      await desk.see('pods(all)[3]');
      desk.type(':q', 'Enter');
      await isAsBefore();
    });

    it('forwards a port of this machine, until it is told to end', async () => {
      desk.watch();
      await desk.see(/pods 3\/3 .*https/);
      desk.type(':po', 'Enter');
      await desk.see('pods(all)[3]');
      desk.type('F');
      await desk.see('Forward a port to pod default/web-');
      desk.type('C-u', '80', 'Tab', 'C-u', '0', 'Enter', 'Enter', 'Enter');
      const said = await desk.see(/localhost:\d+ leads to port 80/);
      const url = `http://localhost:${/localhost:(\d+) leads/.exec(said)?.[1]}/hello`;
      expect(await (await fetch(url)).text()).toBe('hello from a pod');
      desk.type('f');
      await desk.see(/port-forwards\(default\/web-\S+\)\[1\]/);
      await desk.see(/http:\/\/localhost:\d+ +\d +1 /);
      desk.type('C-d');
      await desk.see('the forward has ended');
      await expect(fetch(url)).rejects.toThrow();
      desk.type('C-c');
      await isAsBefore();
    });

    it("takes the user's settings, and takes them again", async () => {
      const settings = join(desk.folder, 'settings');
      mkdirSync(settings);
      const write = (name: string, text: string): void => writeFileSync(join(settings, name), text);
      write('config.yaml', 'skin: nosuch\n');
      desk.watch(`COLORTERM=truecolor SLIPWAY_CONFIG_DIR=${settings}`);
      await desk.see(/pods 3\/3 .*https/);
      write('config.yaml', 'skin: tritanopia\n');
      await desk.see('settings read again');
      expect(desk.screen('-e')).toMatch(/\u001b\[[0-9;]*38;2;0;158;142m/);
      write('hotkeys.yaml', 'hotKeys:\n  pods:\n    shortCut: Meta-X\n');
      await desk.see('hotkeys.yaml:3: shortCut');
      write('hotkeys.yaml', 'hotKeys:\n  pods: { shortCut: b, command: pods default }\n');
      await desk.see('settings read again');
      desk.type('b');
      await desk.see('pods(default)[3]');
      write(
        'plugins.yaml',
        'plugins:\n  say: { shortCut: v, scopes: [po], command: echo, args: [pod, $NAME, is, $COL-STATUS] }\n',
      );
      await desk.see('settings read again');
      desk.type('v');
      await desk.see(/pod web-\S+ is Running/);
      await desk.see('say ended with 0: enter goes back');
      desk.type('Enter');
      await desk.see('say is done');
      await desk.see('pods(default)[3]');
      desk.type(':q', 'Enter');
      await isAsBefore();
    });

    it.each([
      ['a shell', ['s', 'cat', 'Enter'], 'shell default/web-'],
      ['an editor', ['e'], 'in the editor'],
    ] as const)('gives the terminal back from within %s', async (_, keys, text) => {
      // It takes its time to give the terminal back, as editors do that save what was typed.
      const script = join(desk.folder, 'editor');
      writeFileSync(
        script,
        `before=$(stty -g)\ntrap 'sleep 1; stty "$before"; exit 1' TERM HUP\nstty raw -echo\n` +
          `echo 'in the editor'\nwhile :; do sleep 0.1; done\n`,
      );
      for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
        desk.watch(`EDITOR='sh ${script}'`);
        await desk.see(/pods 3\/3 .*https/);
        desk.type(':po', 'Enter');
        await desk.see('pods(all)[3]');
        desk.type(...keys);
        await desk.see(text);
        desk.kill(signal);
        await isAsBefore();
        desk.type('clear', 'Enter');
        await desk.see(/^desk> *\n\s*$/);
      }
    });

    it('ends when its terminal goes', async () => {
      desk.watch();
      await desk.see(/pods 3\/3 .*https/);
      desk.type(':po', 'Enter');
      await desk.see('pods(all)[3]');
      desk.type('s', 'cat', 'Enter');
      await desk.see('shell default/web-');
      const isThere = (): boolean => {
        try {
          desk.kill(0);
          return true;
        } catch {
          return false;
        }
      };
      expect(isThere()).toBe(true);
      desk.unplug();
      for (let poll = 0; poll < POLLS_MAX && isThere(); poll++)
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      expect(isThere()).toBe(false);
    });

    it('gives the terminal back when it breaks', async () => {
      desk.watch('NODE_OPTIONS="--import=data:text/javascript,setTimeout(()=>{throw(0)},8000)"');
      await desk.see('pods 3/3');
      await isAsBefore();
    });

    it('stops and goes on as the shell tells it, and gives the terminal back meanwhile', async () => {
      desk.watch();
      await desk.see('pods 3/3');
      desk.kill('SIGTSTP');
      await desk.see(/Stopped|suspended/);
      expect(desk.ask('#{alternate_on} #{cursor_flag} #{wrap_flag}')).toBe('0 1 1');
      desk.type('stty -a', 'Enter');
      await desk.see(/[^-]icanon/);
      desk.resize(120, 20);
      desk.type('fg', 'Enter');
      await desk.see(/^┌─ convergence.{90,}┐\n[\s\S]*^└.{118}┘\n.*<\?> help$/m);
      expect(desk.ask('#{alternate_on} #{cursor_flag}')).toBe('1 0');
      desk.type(':po', 'Enter');
      await desk.see('pods(all)[3]');
      desk.type(':q', 'Enter');
      await isAsBefore();
    });

    it('hands an object to the editor, comes back with what is wrong, and applies what is right', async () => {
      const script = join(desk.folder, 'editor');
      const times = join(desk.folder, 'times');
      writeFileSync(
        script,
        `#!/bin/sh\nstty -a >> ${times}\necho again >> ${times}\n` +
          `if grep -q 'must be greater' "$1"; then sed -i 's/replicas: -1/replicas: 4/' "$1"; ` +
          `else sed -i 's/replicas: 3/replicas: -1/' "$1"; fi\necho 'in the editor'\nsleep 1\n`,
        { mode: 0o755 },
      );
      desk.watch(`EDITOR='sh ${script}'`);
      await desk.see('pods 3/3');
      desk.type(':deploy', 'Enter');
      await desk.see(/▌ +default +web +3\/3/);
      desk.type('e');
      await desk.see('in the editor');
      expect(desk.ask('#{alternate_on} #{cursor_flag} #{wrap_flag}')).toBe('0 1 1');
      await desk.see('deploy/web is edited');
      await desk.see(/web +4\/4/);
      expect(desk.ask('#{alternate_on} #{cursor_flag}')).toBe('1 0');
      const seen = readFileSync(times, 'utf8');
      expect(seen.match(/again/g)).toHaveLength(2);
      expect(seen).toMatch(/[^-]icanon/);
      desk.type('j', 'k', 'd');
      await desk.see('describe deployment/default/web');
      desk.type('C-c');
      await isAsBefore();
    });

    it('keeps what Node warns of until the screen is left', async () => {
      desk.watch(
        'NODE_OPTIONS="--import=data:text/javascript,setTimeout(()=>process.emitWarning(/of/.source+/-late/.source),6000)"',
      );
      await desk.see('pods 3/3');
      await desk.see(/00:00:0[7-9]|00:00:1/);
      expect(desk.screen()).not.toContain('of-late');
      desk.type(':q', 'Enter');
      await isAsBefore();
      expect(desk.screen()).toContain('Warning: of-late');
    });

    it('only looks with --readonly', async () => {
      desk.watch('', '--readonly');
      await desk.see('pods 3/3');
      expect(desk.screen()).toContain('read-only');
      desk.type(':po', 'Enter');
      await desk.see('pods(all)[3]');
      desk.type('C-k', ':fault node=n1', 'Enter');
      await desk.see('read-only: :whatif makes a copy');
      desk.type(':whatif', 'Enter');
      await desk.see(/COPY of rev \d+/);
      desk.type('C-k');
      await desk.see(/po\/web-\S+ is killed/);
      desk.type(':now', 'Enter');
      await desk.see('pods(all)[3]');
      desk.type(':q', 'Enter');
      await isAsBefore();
    });

    it('has the colours that it is told to have', async () => {
      desk.watch('COLORTERM=truecolor');
      await desk.see('pods 3/3');
      expect(desk.screen('-e')).toMatch(/\u001b\[38;2;15;163;181m/);
      desk.type(':q', 'Enter');
      await desk.see(/left with \d/);
      desk.type('clear', 'Enter');
      await desk.see(/^desk> *\n\s*$/);
      desk.watch('', '--color 16');
      await desk.see('pods 3/3');
      expect(desk.screen('-e')).not.toMatch(/\u001b\[38;[25]/);
      expect(desk.screen('-e')).toMatch(/\u001b\[[0-9;]*36m/);
      desk.type(':q', 'Enter');
      await isAsBefore();
    });

    it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
      'gives the terminal back on %s',
      async (signal) => {
        desk.watch();
        await desk.see('pods 3/3');
        desk.kill(signal);
        await isAsBefore();
      },
    );

    it('has no colours with NO_COLOR, and nothing but ASCII with --ascii', async () => {
      desk.watch('NO_COLOR=1', '--ascii');
      await desk.see('pods 3/3');
      expect(desk.screen('-e')).not.toMatch(/\u001b\[(3[0-7]|4[0-7]|9\d)/);
      expect(desk.screen()).toMatch(/^[\n -~]*$/);
      expect(desk.screen()).toMatch(
        /^ slipway .*\n \S+ .*\n\+- convergence.*-\+\n(\|.*\|\n)+\+-.*-\+\n .*\n*$/,
      );
      desk.type(':q', 'Enter');
      await isAsBefore();
    });
  });
}
