import { render } from 'ink-testing-library';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FakeWorld } from '../fakes.ts';
import { FakePods } from '../fakes-pods.ts';
import { brokenSave, object, shop, workload } from '../fakes-shop.ts';
import { NO_SETTINGS, type Settings } from '../settings/index.ts';
import { App } from './app.tsx';
import type { Editor } from './editor.ts';
import type { SettingsSource } from './settings.ts';

const ESC = '\u001b';
const LOOK = { colours: 'none', ascii: false } as const;
/** For a machine that is busy with other things. */
const PATIENCE_MS = 10_000;
const opened: { unmount(): void }[] = [];
afterEach(() => {
  for (const each of opened.splice(0)) each.unmount();
});

/** The app on a terminal of a hundred columns. Ink draws when it is asked to; `see` waits for what is to be seen. */
function screen(
  world: FakeWorld,
  columns = 100,
  rows = 30,
  editor: Editor = async () => {},
  settings?: SettingsSource,
) {
  const redraws: string[] = [];
  const copied: string[] = [];
  const app = render(
    <App
      world={world}
      look={LOOK}
      redraw={() => redraws.push('redraw')}
      copy={(text) => copied.push(text)}
      editor={editor}
      program={async () => ''}
      {...(settings ? { settings } : {})}
    />,
  );
  opened.push(app);
  const { stdout, stdin, lastFrame } = app;
  const resize = (width: number, height: number): void => {
    Object.defineProperty(stdout, 'columns', { value: width, configurable: true });
    Object.defineProperty(stdout, 'rows', { value: height, configurable: true });
    stdout.emit('resize');
  };
  resize(columns, rows);
  const frame = (): string => lastFrame() ?? '';
  const see = (text: string | RegExp) =>
    vi.waitFor(() => expect(frame()).toMatch(text), PATIENCE_MS);
  return { ...app, frame, see, resize, redraws, copied, type: (text: string) => stdin.write(text) };
}

describe('the app', () => {
  it('goes where the keys lead', async () => {
    const { type, see, frame } = screen(shop());
    await see('convergence(all)');
    type(':pods\r');
    await see(/pods.all..11./);
    type('j');
    await see(/▌ shop +db-7f-1/);
    type('\r');
    await see(/containers.shop.db-7f-1/);
    type('q');
    await see(/▌ shop +db-7f-1/);
    type('/work');
    await see(/2.11. <.work>/);
    type(ESC);
    await see(/pods.all..11./);
    expect(frame().split('\n').length).toBeLessThan(30);
  });

  it('understands what terminals send', async () => {
    const { type, see } = screen(shop());
    type(':pods\r');
    await see(/pods.all/);
    type(`${ESC}[B`);
    await see(/▌ shop +db-7f-1/);
    type(`${ESC}[A`);
    await see(/▌ shop +db-7f-0/);
    type(`${ESC}[F`);
    await see(/▌ shop +worker-7f-1/);
    type(`${ESC}[1;2C`);
    await see(/NAMESPACE↑/);
    type('\u0004');
    await see(/Delete pod shop.worker-7f-1\?/);
    type('\t');
    type(ESC);
    await see(/\[ cancel \]|pods.all/);
    type(':dep\t');
    await see(/:deploy/);
    type('\u007f');
    await see(/:deplo/);
    type('\u0015');
    await see(/\n :\s*$/);
  });

  it('takes pasted text where something is being typed, and only there', async () => {
    const { type, see, frame } = screen(shop());
    type(`${ESC}[200~:q\r${ESC}[201~`);
    await see('convergence');
    type('/');
    await see(/label=value/);
    type(`${ESC}[200~web${ESC}[201~`);
    await see(/<.web>/);
    expect(frame()).not.toContain('deploy/db');
  });

  it('shows what changes, without a key', async () => {
    const world = shop();
    const { see, type } = screen(world);
    await see('3 check 17');
    brokenSave(world);
    world.change();
    await see(/1 error: nothing of this save is applied/);
    type(ESC);
    await see('convergence');
    brokenSave(world, []);
    world.nowMs += 3000;
    world.change();
    await see(/t.00:03:15/);
  });

  it('asks what pods use when these are shown, and again when something has changed', async () => {
    const world = shop();
    const measure = (cpu: string): void => {
      const containers = [{ name: 'db', usage: { cpu, memory: '64Mi' } }];
      world.metrics.set('pods.metrics.k8s.io', [
        object(
          'metrics.k8s.io/v1beta1',
          'PodMetrics',
          { name: 'db-7f-0', namespace: 'shop' },
          { containers },
        ),
      ]);
    };
    measure('120m');
    const { see, type } = screen(world);
    await see('convergence(all)');
    expect(world.asked).toEqual([]);
    type(':pods shop\r');
    await see(/db-7f-0 .* 120m +24/);
    expect(world.asked).toEqual(['pods.metrics.k8s.io shop']);
    measure('300m');
    type('jk');
    await see(/▌ db-7f-0 .* 120m +24/);
    expect(world.asked).toHaveLength(1);
    world.change();
    await see(/db-7f-0 .* 300m +60/);
    expect(world.asked).toHaveLength(2);
    type(':deploy\r');
    await see(/deployments.shop/);
    world.change();
    await see(/deployments.shop/);
    expect(world.asked).toHaveLength(2);
  });

  it('marks what moved, for a while', async () => {
    const world = shop();
    const { see, type, frame } = screen(world);
    type(':deploy\r');
    await see(/db +3.3 +3 +3 /);
    world.put(workload('db', 3, 1)[0]!);
    world.nowMs += 1000;
    world.change();
    await see(/db +1.3↓ +3 +1↓ /);
    await vi.waitFor(() => expect(frame()).not.toContain('↓'), PATIENCE_MS);
    expect(frame()).toMatch(/db +1.3 +3 +1 /);
  });

  it('comes to rest when nothing changes', async () => {
    const world = shop();
    const { see, frames } = screen(world);
    world.change();
    await see('convergence(all)');
    const quiet = async (): Promise<boolean> => {
      const before = frames.length;
      await new Promise((resolve) => setTimeout(resolve, 300));
      return frames.length === before;
    };
    let isQuiet = false;
    for (let poll = 0; poll < 30 && !isQuiet; poll++) isQuiet = await quiet();
    expect(isQuiet).toBe(true);
  });

  it('fits whatever the terminal becomes', async () => {
    const { resize, see, frame } = screen(shop());
    await see('WAITING FOR');
    resize(40, 12);
    await vi.waitFor(() => expect(frame().split('\n')).toHaveLength(11));
    resize(1, 1);
    await vi.waitFor(() => expect(frame()).toBe('…'));
    resize(120, 40);
    await vi.waitFor(() => expect(frame().split('\n')).toHaveLength(39));
  });

  it('does what the keys ask of the cluster', async () => {
    const world = shop();
    const { type, see, redraws } = screen(world);
    await see('eager');
    type(',');
    await see('paused');
    type('.');
    await see(/t.00:03:13/);
    type('=');
    await see(/x1 ▶/);
    type('>');
    await see(/x2 ▶/);
    type('<<');
    await see(/x0.5 ▶/);
    type(':po\r');
    await see(/pods.all..11./);
    type('\u0004');
    await see('Delete pod');
    type('y');
    await see(/pods.all..10./);
    await see('po/db-7f-0 is being deleted');
    type('\u0012');
    await vi.waitFor(() => expect(redraws).toHaveLength(1));
    expect(world.calls).toEqual([
      'mode paused',
      'step',
      'speed 1',
      'mode real',
      'speed 2',
      'mode real',
      'speed 1',
      'mode real',
      'speed 0.5',
      'mode real',
      'delete pods shop/db-7f-0 {"propagationPolicy":"Background"}',
    ]);
  });

  it('says why the server refuses', async () => {
    const world = shop();
    world.request = () => {
      throw new Error('pods "db-7f-0" is forbidden');
    };
    const { type, see } = screen(world);
    type(':po\r');
    await see(/pods.all/);
    type('\u0004');
    await see('Delete pod');
    type('y');
    await see('is forbidden');
  });

  it('looks at a copy, acts on it, shows the difference, and comes back', async () => {
    const world = shop();
    const { type, see, frame } = screen(world);
    await see('convergence');
    type(':po\r');
    await see(/pods.all..11./);
    type('\u0004');
    await see('Delete pod');
    type('w');
    await see('COPY of rev 1842');
    await see(/changes on the copy.1./);
    await see(/- +po.db-7f-0/);
    expect(world.calls).toEqual(['copy "now"']);
    expect(world.copies[0]!.calls[0]).toContain('delete pods shop/db-7f-0');
    type(':po\r');
    await see(/pods.all..10./);
    type('\u000b');
    await see(/pods.all..9./);
    expect(world.calls).toEqual(['copy "now"']);
    type(':now\r\u000b');
    await see(/pods.all..10./);
    expect(frame()).not.toContain('COPY');
    expect(world.calls).toEqual([
      'copy "now"',
      'stop copy',
      'delete pods shop/db-7f-0 {"gracePeriodSeconds":0}',
    ]);
  });

  it('says when a moment is not held, and what is wrong with a fault', async () => {
    const world = shop();
    const { type, see } = screen(world);
    await see('convergence');
    type(':at 12\r');
    await see('that moment is not held; there are rev 1000-1842');
    type(':fault nonsense\r');
    await see('nonsense is no fault');
    type(':fault zone=b\r');
    await see('zone=b goes wrong from now on');
    await see('faults: 1 active');
    type('X');
    await see(/zone=b +active/);
    type('\u0004');
    await see('fault 1 is over');
    type(':until 10m\r');
    await see('time stands still');
    expect(world.calls.slice(1)).toEqual(['inject zone=b', 'heal 1', 'until 600000']);
  });

  it('types into a pod, and leaves nothing running', async () => {
    const world = shop();
    const pods = new FakePods();
    world.reach = pods;
    const { type, see, frame, unmount } = screen(world);
    await see('convergence');
    type(':po shop /web-7f-0\rs');
    await see('shell shop/web-7f-0/web');
    type('cat\r');
    await vi.waitFor(() => expect(pods.listeners).toHaveLength(1));
    type(`${ESC}[200~one two${ESC}[201~\r`);
    pods.listeners[0]?.output('one two\n', 'stdout');
    await see(/one two[\s│]+one two/);
    type('\u0004');
    await vi.waitFor(() => expect(pods.calls.at(-1)).toBe('1 has read all'));
    pods.listeners[0]?.ended({ code: 0 });
    await see(/\$ +│/);
    type('sleep 9\r');
    await vi.waitFor(() => expect(pods.listeners).toHaveLength(2));
    type(ESC);
    await see('esc again leaves');
    type(ESC);
    await see(/pods.shop/);
    expect(frame()).not.toContain('sleep');
    expect(pods.calls.at(-1)).toBe('2 is left');
    type('a');
    await see('attached to');
    unmount();
    await vi.waitFor(() => expect(pods.calls.at(-1)).toBe('3 is left'));
    expect(pods.calls).toEqual([
      'exec shop/web-7f-0/web ["cat"]',
      '1 reads "one two\\n"',
      '1 has read all',
      'exec shop/web-7f-0/web ["sleep","9"]',
      '2 is left',
      'attach shop/web-7f-0/web',
      '3 is left',
    ]);
  });

  it('forwards a port, says why not, and ends it', async () => {
    const world = shop();
    world.reach = new FakePods();
    const { type, see } = screen(world);
    await see('convergence');
    type(':po shop /web-7f-0\rF');
    await see('Forward a port');
    type('80\t22\t\t\r');
    await see('localhost:22 may not be used');
    type('F80\r8080\r\r\r');
    await see('localhost:8080 leads to port 80 of web-7f-0');
    type('f');
    await see(/http:..localhost:8080/);
    type('\u0004');
    await see('the forward has ended');
    await see('no port is forwarded');
  });

  it('takes settings as they come, and says what is wrong with them', async () => {
    let tell = (): void => {};
    const hotkey = { key: 'b', does: 'pods', command: 'pods', overrides: false };
    const source = {
      settings: { ...NO_SETTINGS } as Settings,
      problems: ['config.yaml:3: skin must be a text'],
      keep: () => 'screen.yaml',
      follow: async (changed: () => void) => {
        tell = changed;
        return async () => {};
      },
    };
    const world = shop();
    world.served = { url: 'https://127.0.0.1:6443', kubeconfig: '/tmp/k' };
    const { type, see, frame } = screen(world, 100, 30, async () => {}, source);
    await see('config.yaml:3: skin must be a text');
    source.problems = [];
    source.settings = { ...NO_SETTINGS, hotkeys: [hotkey] };
    tell();
    await see('settings read again');
    type('b');
    await see(/pods.all..11./);
    source.settings = { ...NO_SETTINGS, skin: 'nosuch', hotkeys: [{ ...hotkey, key: 'd' }] };
    tell();
    await see(/no skin is called nosuch.* \(and 1 more\)/);
    const plugin = { ...hotkey, name: 'p', scopes: ['pods'], command: 'true', args: [] };
    const flags = { isBackground: true, isConfirmed: false, isDangerous: false };
    source.settings = { ...NO_SETTINGS, plugins: [{ ...plugin, ...flags }] };
    tell();
    await see('settings read again');
    type('b');
    await see('p is done');
    expect(frame()).toContain('pods(all)[11]');
  });

  it('reads logs while they are looked at', async () => {
    const world = shop();
    const { type, see } = screen(world);
    await see('convergence');
    type(':po shop /web-7f-0\r');
    await see('web-7f-0');
    type('l');
    await see('GET /cart');
    world.logs.set('shop/web-7f-0/web', '2026-01-01T00:03:10Z GET /checkout\n');
    world.change();
    await see('GET /checkout');
    type('p');
    await see('nothing was written in the run before');
    type('q');
    await see(/pods.shop/);
    type('c');
    await see('copied web-7f-0');
  });

  it.each(['\u0003', ':q\r', ':quit\r'])(
    'ends on %j and looks at the world no more',
    async (keys) => {
      const world = shop();
      const { type, see } = screen(world);
      await see('convergence');
      expect(world.watchers).toBe(1);
      type(keys);
      await vi.waitFor(() => expect(world.watchers).toBe(0));
    },
  );
});
