import { describe, expect, it } from 'vitest';
import type { Container, Pod, PodSpec } from '../../../../generated/core/v1/types.ts';
import type { PodHistory, RunInput } from '../history.ts';
import { SILENT } from '../network/calls.ts';
import type { PodSite } from '../site.ts';
import { Replay, type RunOutcome, runKey } from './index.ts';

const SINCE = 1_000_000;

function siteOf(container: Partial<Container>, spec: Partial<PodSpec> = {}): PodSite {
  const containers: Container[] = [{ name: 'main', image: 'busybox', ...container }];
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web-0', namespace: 'shop' },
    spec: { containers, ...spec },
  };
  return { pod, podIp: '10.244.0.7', nodeName: 'node-1', hosts: '', resolver: '' };
}

function historyOf(...runs: readonly Partial<RunInput>[]): PodHistory {
  const whole = runs.map((each) => ({
    container: 'main',
    nth: 0,
    startedMs: SINCE,
    argv: [],
    env: [],
    ...each,
  }));
  return { sinceMs: SINCE, runs: whole, files: [], commands: [], requests: [] };
}

function ranScript(
  script: string,
  more: Partial<RunInput> = {},
  spec?: Partial<PodSpec>,
): RunOutcome {
  const history = historyOf({ argv: ['sh', '-c', script], ...more });
  const { runs } = new Replay(siteOf({}, spec), history, { followsProbes: false }).outcome(SINCE);
  return runs.get(runKey('main', 0))!;
}

const textOf = ({ lines }: RunOutcome): string[] => lines.map(({ text }) => text);

describe('a run', () => {
  it('ends with what its script says, after the time that it sleeps', () => {
    const { end, lines } = ranScript('echo begun; sleep 2.5; echo over >&2; exit 7');
    expect(end).toEqual({ atMs: SINCE + 2500, code: 7, message: '' });
    expect(lines).toEqual([
      { atMs: SINCE, text: 'begun' },
      { atMs: SINCE + 2500, text: 'over' },
    ]);
  });

  it('goes on for ever where its loop does, and is not followed further', () => {
    const run = ranScript('while true; do sleep 1; done');
    expect(run.end).toBeUndefined();
  });

  it('understands loops, arithmetic, case, functions and substitution', () => {
    const script = [
      'twice() { echo $(($1 * 2)); }',
      'for n in 1 2 3; do',
      '  case $n in 2) continue ;; *) twice "$n" ;; esac',
      'done',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own.
      'x=$(printf %s "a b" | tr a-z A-Z); echo "${x:-none} ${y:-none} ${#x}"',
    ].join('\n');
    expect(textOf(ranScript(script))).toEqual(['2', '6', 'A B none 3']);
  });

  it('does what its trap says when it is told to stop', () => {
    const script = 'trap "echo bye; exit 3" TERM; while true; do sleep 1; done';
    const run = ranScript(script, { signalMs: SINCE + 10_000 });
    expect(run.handlesStop).toBe(true);
    expect(textOf(run)).toEqual(['bye']);
    expect(run.end?.code).toBe(3);
  });

  it('says last what is in its message file', () => {
    const run = ranScript('printf gone > /dev/termination-log; false');
    expect(run.end).toMatchObject({ code: 1, message: 'gone' });
  });

  it('has done all that it does at the moment of its end', () => {
    const run = ranScript('echo last', { endedMs: SINCE });
    expect(textOf(run)).toEqual(['last']);
    expect(run.end?.code).toBe(0);
  });

  it('is taken to be busy for ever where it takes too many steps at once', () => {
    expect(ranScript('while :; do :; done').end).toBeUndefined();
  });
});

describe('volumes', () => {
  const mounted = {
    volumeMounts: [{ name: 'data', mountPath: '/data' }],
  };
  const spec = { volumes: [{ name: 'data', emptyDir: {} }] };

  it('of a pod outlive the runs of a container, its other files do not', () => {
    const script =
      'echo x >> /data/runs; echo y >> /tmp/runs; wc -l < /data/runs; wc -l < /tmp/runs; exit 1';
    const argv = ['sh', '-c', script];
    const history = historyOf({ argv }, { argv, nth: 1, startedMs: SINCE + 10_000 });
    const { runs } = new Replay(siteOf(mounted, spec), history, { followsProbes: false }).outcome(
      SINCE + 10_000,
    );
    expect(textOf(runs.get(runKey('main', 1))!)).toEqual(['2', '1']);
  });

  it('made of objects change under a program that runs', () => {
    const argv = ['sh', '-c', 'cat /data/k; sleep 60; cat /data/k; echo no > /data/k'];
    const file = (bytes: string) => ({ k: { bytes, mode: 0o644 } });
    const history: PodHistory = {
      ...historyOf({ argv }),
      files: [
        { atMs: SINCE - 1, volume: 'data', files: file('one\n') },
        { atMs: SINCE + 30_000, volume: 'data', files: file('two\n') },
      ],
    };
    const site = siteOf(mounted, { volumes: [{ name: 'data', configMap: { name: 'c' } }] });
    const { runs } = new Replay(site, history, { followsProbes: false }).outcome(SINCE);
    expect(textOf(runs.get(runKey('main', 0))!)).toEqual([
      'one',
      'two',
      "sh: can't create /data/k: Read-only file system",
    ]);
  });
});

describe('a command in a container', () => {
  const answerer = () => SILENT;

  it('sees its files and says whether it changed them', () => {
    const replay = () =>
      new Replay(siteOf({}), historyOf({ argv: ['sh', '-c', 'echo hi > /tmp/f; sleep 100'] }), {
        followsProbes: false,
      });
    const look = replay().command(SINCE + 5, 'main', ['cat', '/tmp/f'], { answerer });
    expect(look).toMatchObject({ out: 'hi\n', end: { code: 0 }, hasChanged: false });
    const change = replay().command(SINCE + 5, 'main', ['sh', '-c', 'cat > /tmp/g'], {
      input: { bytes: 'text', isOpen: false },
      answerer,
    });
    expect(change).toMatchObject({ end: { code: 0 }, hasChanged: true });
    expect(replay().command(SINCE + 5, 'main', ['emacs'], { answerer })).toBeUndefined();
  });

  it('is a shell that runs each line as it comes', () => {
    const ask = (bytes: string, isOpen: boolean) =>
      new Replay(siteOf({}), historyOf({ argv: ['sleep', '100'] }), {
        followsProbes: false,
      }).command(SINCE + 5, 'main', ['sh'], { input: { bytes, isOpen }, answerer });
    const begun = 'echo hi\nif true; then\n';
    expect(ask(begun, true)).toMatchObject({ out: 'hi\n', isUnfed: true });
    const whole = `${begun}echo there\nfi\nread x\nword\necho "<$x>"\nexit 3\necho never\n`;
    expect(ask(whole, true)).toMatchObject({ out: 'hi\nthere\n<word>\n', end: { code: 3 } });
    expect(ask('false\n', false)).toMatchObject({ end: { code: 1 } });
    expect(ask('echo "open\n', false)).toMatchObject({ out: '', end: { code: 2 } });
  });

  it('that a probe runs is followed as files change', () => {
    const exec = { command: ['cat', '/tmp/health'] };
    const argv = ['sh', '-c', 'echo ok > /tmp/health; sleep 10; rm -rf /tmp/health; sleep 600'];
    const { runs } = new Replay(siteOf({ livenessProbe: { exec } }), historyOf({ argv }), {
      followsProbes: true,
    }).outcome(SINCE);
    const found = runs.get(runKey('main', 0))!.findings.livenessProbe;
    expect(found?.map(({ fromMs, code }) => [fromMs, code])).toEqual([
      [0, 0],
      [10_000, 1],
    ]);
  });
});
