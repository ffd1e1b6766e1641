import { describe, expect, it } from 'vitest';
import { healthAnswer } from './health.ts';
import { healthMetrics, RequestCounter } from './metrics.ts';

const at = (path: string, query = '', own = {}) =>
  healthAnswer(path, new URLSearchParams(query), own);
const linesAt = (path: string, query = 'verbose', own = {}) =>
  String(at(path, query, own)?.body).split('\n');

describe('health', () => {
  it('tells what stands for each root', () => {
    expect(linesAt('/healthz').slice(0, 5)).toEqual([
      '[+]ping ok',
      '[+]log ok',
      '[+]loopback-serving-certificate ok',
      '[+]etcd ok',
      '[+]poststarthook/start-apiserver-admission-initializer ok',
    ]);
    const ready = linesAt('/readyz');
    expect(ready).not.toContain('[+]etcd ok');
    expect(ready[2]).toBe('[+]informer-sync ok');
    expect(ready.slice(-4)).toEqual([
      '[+]poststarthook/apiservice-openapiv3-controller ok',
      '[+]shutdown ok',
      'readyz check passed',
      '',
    ]);
    expect(linesAt('/livez')).toContain('[+]autoregister-completion ok');
  });

  it('answers for one check, whatever slashes are in its name', () => {
    expect(at('/livez/poststarthook/rbac/bootstrap-roles')).toMatchObject({
      code: 200,
      body: 'ok',
    });
    expect(at('/readyz/etcd')).toBeUndefined();
    expect(at('/healthz/none')).toBeUndefined();
  });

  it('fails with a check, unless that is left out', () => {
    const own = { etcd: () => 'no leader' };
    expect(at('/healthz', '', own)?.code).toBe(500);
    expect(linesAt('/healthz', '', own)).toContain('[-]etcd failed: reason withheld');
    expect(at('/readyz', '', own)?.code).toBe(200);
    expect(linesAt('/livez', 'exclude=etcd&exclude=nope&verbose', own).slice(-3)).toEqual([
      'warn: some health checks cannot be excluded: no matches for "nope"',
      'livez check passed',
      '',
    ]);
  });
});

describe('metrics', () => {
  it('count requests by what they are about, in the words of HTTP', () => {
    const counter = new RequestCounter();
    const pods = { group: '', version: 'v1', resource: 'pods', namespace: 'a' };
    counter.count({ ...pods, verb: 'create', code: 201, isDryRun: true });
    counter.count({ ...pods, verb: 'list', code: 200 });
    counter.count({ ...pods, verb: 'list', code: 200 });
    const text = counter.text([['leases.coordination.k8s.io', 7]], '1.36', {});
    expect(text).toContain(
      'apiserver_request_total{code="201",component="apiserver",dry_run="All",group="",resource="pods",scope="namespace",subresource="",verb="POST",version="v1"} 1\n',
    );
    expect(text).toMatch(/scope="namespace",subresource="",verb="LIST",version="v1"} 2\n/);
    expect(text).toContain(
      'apiserver_resource_objects{group="coordination.k8s.io",resource="leases"} 7\n',
    );
    expect(text).toMatch(/^kubernetes_build_info\{git_version="v1.36.\d+",major="1",minor="36"/m);
  });

  it('say what health says', () => {
    const text = healthMetrics({ etcd: () => 'no leader' });
    expect(text).toContain('kubernetes_healthcheck{name="etcd",type="livez"} 0\n');
    expect(text).toContain('kubernetes_healthcheck{name="ping",type="readyz"} 1\n');
  });
});
