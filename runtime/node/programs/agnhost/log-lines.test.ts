import { describe, expect, it } from 'vitest';
import { Replay, runKey } from '../replay/index.ts';

const SINCE = Date.UTC(2026, 2, 4, 5, 6, 7, 8);

function ran(...args: readonly string[]) {
  const argv = ['/agnhost', 'logs-generator', ...args];
  const containers = [{ name: 'main', image: 'agnhost:2' }];
  const pod = {
    apiVersion: 'v1' as const,
    kind: 'Pod' as const,
    metadata: {},
    spec: { containers },
  };
  const site = { pod, podIp: '', nodeName: 'n', hosts: '', resolver: '' };
  const run = { container: 'main', nth: 0, startedMs: SINCE, argv, env: [] };
  const history = { sinceMs: SINCE, runs: [run], files: [], commands: [], requests: [] };
  const outcome = new Replay(site, history, { followsProbes: false }).outcome(SINCE);
  return outcome.runs.get(runKey('main', 0))!;
}

describe('logs-generator', () => {
  it('writes its lines evenly over its time, with the date of each', () => {
    const { lines, end } = ran('--log-lines-total', '4', '--run-duration', '2s');
    expect(lines.map(({ atMs }) => atMs - SINCE)).toEqual([0, 500, 1000, 1500]);
    expect(lines[1]?.text).toMatch(
      /^I0304 05:06:07\.508000 {7}1 logs_generator\.go:76\] 1 (GET|POST|PUT) \/api\/v1\/namespaces\/[a-z-]+\/pods\/\w{3,4} \d{3}$/,
    );
    expect(end).toMatchObject({ atMs: SINCE + 2000, code: 0 });
  });

  it('speaks of every namespace', () => {
    const { lines } = ran('-t', '60', '-d', '6s');
    const named = new Set(lines.map(({ text }) => /namespaces\/([^/]+)/.exec(text)?.[1]));
    expect([...named].sort()).toEqual(['default', 'kube-system', 'ns']);
  });

  it('ends where it is not told how much', () => {
    expect(ran('-d', '1s').end?.code).toBe(255);
  });
});
