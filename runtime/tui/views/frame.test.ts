import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../meta/index.ts';
import { FakeWorld } from '../fakes.ts';
import { FakePods } from '../fakes-pods.ts';
import { brokenSave, FRAME, running, shop, usageIn } from '../fakes-shop.ts';
import { Person } from '../model/driving.fakes.ts';
import { type LogQuestion, logLines, mergedLines } from '../model/log.ts';
import type { LogLine } from '../model/state.ts';
import { update } from '../model/update.ts';
import { ASCII_GLYPHS } from '../theme.ts';

const golden = (name: string): string => `golden/${name}.txt`;

/** Logs as the shell would read them. */
const logsOf =
  (world: FakeWorld) =>
  ({ sources }: LogQuestion): readonly LogLine[] =>
    mergedLines(
      sources.map(({ pod, container }) =>
        logLines(world.logs.get(`${pod}/${container}`) ?? '', `${pod}/${container}`),
      ),
    );

/** Name of the picture, keys that lead there, size. */
const PICTURES: readonly (readonly [string, string, number, number])[] = [
  ['home-80x24', '', 80, 24],
  ['home-120x40', '', 120, 40],
  ['home-60x14', '', 60, 14],
  ['home-40x10', '', 40, 10],
  ['too-small-20x5', '', 20, 5],
  ['too-small-1x1', '', 1, 1],
  ['pods-80x24', ':pods<enter>jj', 80, 24],
  ['pods-120x40', ':pods<enter>jj', 120, 40],
  ['pods-wide-250x16', ':pods<enter><ctrl-w>', 250, 16],
  ['pods-faults-80x24', ':pods<enter><ctrl-z>', 80, 24],
  ['pods-panned-80x16', ':pods<enter><right><tab>', 80, 16],
  ['pods-panned-back-80x16', ':pods<enter><right><right><left><shift-tab>', 80, 16],
  ['yaml-part-80x16', ':pods<enter>jjjy<tab><tab>', 80, 16],
  ['nodes-80x24', ':nodes<enter>', 80, 24],
  ['events-80x24', ':events<enter>', 80, 24],
  ['deployments-wide-120x16', ':deploy<enter><ctrl-w>', 120, 16],
  ['configmaps-80x12', ':cm<enter>', 80, 12],
  ['kinds-80x24', '<ctrl-a>', 80, 24],
  ['sleepers-80x12', ':sleepers<enter>', 80, 12],
  ['queues-80x12', ':queues<enter>', 80, 12],
  ['timeline-80x16', ':tl<enter>', 80, 16],
  ['timeline-object-120x16', ':deploy<enter>jT', 120, 16],
  ['causes-100x16', ':tl<enter>jjjj<enter>', 100, 16],
  ['containers-100x12', ':pods<enter>/web-7f-0<enter><enter>', 100, 12],
  ['diff-120x24', ':deploy<enter>jD', 120, 24],
  ['diff-differences-80x12', ':deploy<enter>jD<ctrl-z>', 80, 12],
  ['flows-100x18', ':flows<enter>', 100, 18],
  ['xray-100x24', ':xray deploy shop<enter>', 100, 24],
  ['xray-folded-80x16', ':xray deploy shop<enter>j<space>', 80, 16],
  ['pulses-80x24', ':pulses<enter><tab><tab>', 80, 24],
  ['pulses-120x16', ':pulses<enter>', 120, 16],
  ['pulses-wide-80x16', ':pulses<enter><ctrl-w>', 80, 16],
  ['used-by-80x12', ':sa<enter>u', 80, 12],
  ['decode-80x12', ':secrets<enter>x', 80, 12],
  ['log-80x14', ':pods<enter>/web-7f-0<enter>lt', 80, 14],
  ['log-filter-80x14', ':pods<enter>/web-7f-0<enter>l/GET', 80, 14],
  ['marks-80x14', ':pods<enter>j<space>jj<ctrl-space>', 80, 14],
  ['scale-80x14', ':deploy<enter>s', 80, 14],
  ['drain-100x24', ':nodes<enter>r', 100, 24],
  ['delete-deployment-80x24', ':deploy<enter><ctrl-d>', 80, 24],
  ['full-80x12', ':pods<enter>/web-7f-0<enter>yf', 80, 12],
  ['rules-80x12', ':rules<enter>', 80, 12],
  ['faults-80x12', 'X', 80, 12],
  ['outcomes-100x12', '!', 100, 12],
  ['outcome-100x14', '!<enter>', 100, 14],
  ['watches-80x12', ':watches<enter>', 80, 12],
  ['diff-200x24', ':deploy<enter>jD', 200, 24],
  ['watches-120x12', ':watches<enter>', 120, 12],
  ['can-120x12', ':can g:team<enter>', 120, 12],
  ['contexts-80x12', ':ctx<enter>', 80, 12],
  ['headless-80x12', ':pods<enter><ctrl-e>', 80, 12],
  ['yaml-80x24', ':pods<enter>jjjy', 80, 24],
  ['describe-pod-100x40', ':pods<enter>/web-7f-0<enter>d', 100, 40],
  ['describe-pending-100x30', ':pods<enter>/web-7f-4<enter>d', 100, 30],
  ['describe-deployment-100x40', ':deploy<enter>jd', 100, 40],
  ['describe-node-100x30', ':nodes<enter>d', 100, 30],
  ['describe-secret-80x16', ':secrets<enter>d', 80, 16],
  ['why-120x24', ':deploy<enter>jW', 120, 24],
  ['why-80x24', ':deploy<enter>jW', 80, 24],
  ['help-80x24', '?', 80, 24],
  ['help-end-100x60', '?G', 100, 60],
  ['help-120x50', '?', 120, 50],
  ['help-200x60', '?', 200, 60],
  ['help-240x60', '?', 240, 60],
  ['prompt-80x24', ':pods<enter>:de<down>', 80, 24],
  ['filter-80x24', ':pods<enter>/!web', 80, 24],
  ['filter-nothing-80x12', ':pods<enter>/zzz', 80, 12],
  ['dialog-80x24', ':pods<enter>jj<ctrl-d><tab>', 80, 24],
  ['flash-80x12', ':nonsense<enter>', 80, 12],
];

describe('pictures of the screen', () => {
  it.each([
    ['pods-usage-80x16', ':pods<enter>', 80, 16],
    ['pods-usage-120x16', ':pods<enter>', 120, 16],
    ['pods-usage-200x16', ':pods<enter>', 200, 16],
    ['nodes-usage-80x10', ':nodes<enter>', 80, 10],
    ['nodes-usage-120x10', ':nodes<enter>', 120, 10],
  ] as const)('%s', async (name, keys, columns, rows) => {
    const world = shop();
    const person = new Person(world, { columns, rows }).type(keys);
    world.usage = usageIn(world, name.startsWith('pods') ? 'pods ' : 'nodes ');
    await expect(person.screen).toMatchFileSnapshot(golden(name));
  });

  it.each(PICTURES)('%s', async (name, keys, columns, rows) => {
    const world = shop();
    const { screen } = new Person(world, { columns, rows, logOf: logsOf(world) }).type(keys);
    await expect(screen).toMatchFileSnapshot(golden(name));
  });

  it('in ASCII', async () => {
    const person = new Person(shop(), { glyphs: ASCII_GLYPHS });
    await expect(person.screen).toMatchFileSnapshot(golden('home-ascii'));
    await expect(person.type(':cm<enter>').screen).toMatchFileSnapshot(golden('wide-ascii'));
  });

  it('with errors over it', async () => {
    const world = shop();
    brokenSave(world, [FRAME, FRAME.replace('18:22', '44:7')]);
    await expect(new Person(world).screen).toMatchFileSnapshot(golden('errors-80x24'));
    await expect(new Person(world).type('<esc>').screen).toMatchFileSnapshot(
      golden('errors-waved-away'),
    );
  });

  it('of pods that can be reached', async () => {
    const world = shop();
    const pods = new FakePods();
    world.reach = pods;
    const size = { columns: 90, rows: 16 };
    const dialog = new Person(world, size).type(':po<enter>/web-7f-0<enter>F');
    await expect(dialog.screen).toMatchFileSnapshot(golden('forward-90x16'));
    const wish = { namespace: 'shop', container: 'web', port: 80, address: 'localhost' };
    await pods.open({ ...wish, name: 'web-7f-0', localPort: 8080 });
    const list = new Person(world, size).type(':pf<enter>');
    await expect(list.screen).toMatchFileSnapshot(golden('forwards-90x16'));
    const marked = new Person(world, size).type(':po<enter>/web<enter>');
    await expect(marked.screen).toMatchFileSnapshot(golden('pods-forwarded-90x16'));
    const shell = new Person(world, size).type(':po<enter>/web-7f-0<enter>shostname<enter>');
    const output = {
      type: 'process-output',
      id: '1.1',
      text: 'web-7f-0\n',
      stream: 'stdout',
    } as const;
    shell.state = update(shell.state, output, world.now()).state;
    const ended = { type: 'process-ended', id: '1.1', end: { code: 2 } } as const;
    shell.state = update(shell.state, ended, world.now()).state;
    await expect(shell.type('ls -l').screen).toMatchFileSnapshot(golden('shell-90x16'));
  });

  it('shows the end of what is typed that is too long', () => {
    const person = new Person(shop(), { columns: 40 });
    person.type(`:pods<enter>/${'x'.repeat(200)}the-end`);
    expect(person.lines.at(-1)).toBe(` /…${'x'.repeat(28)}the-end  `);
  });

  it('paused, and by other clocks', () => {
    const world = shop();
    world.mode = 'paused';
    expect(new Person(world).lines[0]).toContain('paused ■');
    expect(new Person(world, { columns: 120 }).lines.at(-1)).toContain('<.> step');
    world.mode = 'real';
    world.speed = 10;
    expect(new Person(world).lines[0]).toContain('x10 ▶');
  });

  it('of a world with nothing in it, and without manifests', async () => {
    await expect(new Person(new FakeWorld()).screen).toMatchFileSnapshot(golden('empty'));
  });

  it('tells where the API is until a key is pressed, and in the help for ever', () => {
    const world = shop();
    world.served = { url: 'https://127.0.0.1:6443', kubeconfig: '/tmp/slipway-6443.kubeconfig' };
    const person = new Person(world, { columns: 120 });
    expect(person.lines[0]).toContain('pods 7/11  https://127.0.0.1:6443');
    const hint = 'KUBECONFIG=/tmp/slipway-6443.kubeconfig';
    expect(person.lines.at(-1)).toContain(`${hint}  <enter> open`);
    expect(new Person(world).lines.at(-1)).toContain(`${hint}  <enter> open`);
    expect(person.type('j').lines.at(-1)).not.toContain(hint);
    expect(person.type('?').screen).toContain(hint);
  });

  it('while a save is under way', () => {
    const world = shop();
    world.manifests = { ...world.manifests!, phase: 'checking' };
    expect(new Person(world).lines[1]).toContain('◐ checking');
  });
});

const KEYS = fc.constantFrom(
  ...'jkgGdyWTDXqHEJzoclpsrtux0123NASPOnhlmfwCea,.<>=-[]?:/abw! '.split(''),
  ...[
    '<enter>',
    '<esc>',
    '<tab>',
    '<up>',
    '<down>',
    '<left>',
    '<shift-right>',
    '<ctrl-d>',
    '<ctrl-w>',
  ],
  ...[
    '<ctrl-z>',
    '<ctrl-a>',
    '<pgdn>',
    '<backspace>',
    ':po<enter>',
    ':cm<enter>',
    ':xray<enter>',
    ':flows<enter>',
    ':tl<enter>',
    ':watches<enter>',
    ':ctx<enter>',
    '<ctrl-g>',
    '日本',
  ],
  ...['<ctrl-e>', '<ctrl-space>', '<ctrl-k>', '<right>'],
);

describe('every frame', () => {
  it('is as wide as the terminal and one row shorter, whatever is typed', () => {
    const size = fc.record({
      columns: fc.integer({ min: 1, max: 250 }),
      rows: fc.integer({ min: 1, max: 80 }),
    });
    fc.assert(
      fc.property(size, fc.array(KEYS, { maxLength: 25 }), fc.boolean(), (at, keys, fails) => {
        const world = shop();
        if (fails) brokenSave(world, [FRAME, `error: 日本語 \u001b[31m\t${'x'.repeat(200)}`]);
        const { lines } = new Person(world, at).type(keys.join(''));
        expect(lines).toHaveLength(Math.max(1, at.rows - 1));
        for (const line of lines) expect(stringWidth(line)).toBe(at.columns);
        for (const line of lines) expect(line).not.toMatch(/[\u0000-\u001f]/);
      }),
      { numRuns: 60 },
    );
  });

  it('looks at the rows that are seen, not at ten thousand', () => {
    let looks = 0;
    const world = new FakeWorld();
    const pods: KubeObject[] = [];
    world.objects.set('pods', pods);
    for (let at = 0; at < 10_000; at++) {
      const { status, ...rest } = running('app', at, 'n1') as ReturnType<typeof running> & {
        status: object;
      };
      const pod = Object.defineProperty({ ...rest }, 'status', {
        enumerable: true,
        get: () => {
          looks++;
          return status;
        },
      });
      pods.push(pod);
    }
    const unwatched = { ...world.control, progress: () => [], converged: true };
    const person = new Person({
      control: unwatched,
      kinds: world.kinds,
      lister: (resource) => world.lister(resource),
      client: world.client,
      request: () => world.client,
      copy: (of) => world.copy(of),
      access: () => undefined,
      pods: () => undefined,
    });
    person.type(':pods<enter>Gkkk<ctrl-f>');
    looks = 0;
    expect(person.lines[2]).toContain('pods(all)[10000]');
    expect(looks).toBeGreaterThan(0);
    expect(looks).toBeLessThan(17 * 30);
    for (const keys of ['j', '<ctrl-f>', 'G', 'g', '<ctrl-b>', '<space>', 'jjjjj']) {
      looks = 0;
      expect(person.type(keys).lines[2]).toContain('pods(all)[10000]');
      // The world is looked at before and after the key, and for the frame.
      expect([keys, looks < 3 * 17 * 30]).toEqual([keys, true]);
    }
  });
});
