import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../base/index.ts';
import { answerOf, type HealthCheckAnswer } from '../model/index.ts';
import { HealthServer, Liveness } from './index.ts';

const HOST = '127.0.0.1';
const TIMEOUT_MS = 60_000;
const START = '2026-01-01T00:00:00Z';
const clockAt = (): VirtualClock => new VirtualClock(Date.UTC(2026, 0, 1));

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

describe('a proxy', () => {
  it('is well while it starts, and says so with the time', () => {
    const clock = clockAt();
    const liveness = new Liveness(clock, TIMEOUT_MS);
    expect(liveness.livez()).toEqual({
      code: 200,
      text: `{"lastUpdated":"${START}","currentTime":"${START}","healthy":true}`,
    });
    liveness.queued('IPv4');
    clock.moveTo(clock.now() + 10 * TIMEOUT_MS);
    expect(liveness.healthy).toBe(true);
  });

  it('is not while a change waits too long, in either family, until it is done', () => {
    const clock = clockAt();
    const liveness = new Liveness(clock, TIMEOUT_MS);
    liveness.updated('IPv4');
    liveness.updated('IPv6');
    clock.moveTo(clock.now() + 1500);
    liveness.queued('IPv6');
    clock.moveTo(clock.now() + TIMEOUT_MS - 1);
    liveness.queued('IPv6');
    expect(liveness.healthy).toBe(true);
    clock.moveTo(clock.now() + 1);
    expect(liveness.healthy).toBe(false);
    const { code, text } = liveness.healthz(true);
    expect([code, JSON.parse(text)]).toEqual([
      503,
      {
        lastUpdated: '2026-01-01T00:00:00Z',
        currentTime: '2026-01-01T00:01:01.5Z',
        nodeEligible: true,
        healthy: false,
        status: {
          IPv4: { lastUpdated: START, healthy: true },
          IPv6: { lastUpdated: START, healthy: false },
        },
      },
    ]);
    liveness.updated('IPv6');
    expect(liveness.livez().code).toBe(200);
  });

  it('takes no new connections on a node that goes away, and lives on', () => {
    const liveness = new Liveness(clockAt(), TIMEOUT_MS);
    expect(liveness.healthz(false)).toMatchObject({ code: 503 });
    expect(JSON.parse(liveness.healthz(false).text)).toMatchObject({
      lastUpdated: '0001-01-01T00:00:00Z',
      nodeEligible: false,
      healthy: true,
    });
    expect(liveness.livez().code).toBe(200);
  });
});

describe('a health server', () => {
  const start = () => {
    const failures: string[] = [];
    const liveness = new Liveness(clockAt(), TIMEOUT_MS);
    const server = new HealthServer({
      host: HOST,
      liveness,
      onFailure: (message) => failures.push(message),
    });
    ends.push(() => server.close());
    return { server, liveness, failures };
  };
  /** A port that is free now. */
  const freePort = async (): Promise<number> => {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, HOST, resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    return port;
  };
  const check = (port: number, localEndpoints: number, name = 'web'): HealthCheckAnswer =>
    answerOf({ namespace: 'shop', name }, port, localEndpoints, true);
  const ask = (port: number, path = '/'): Promise<Response> =>
    fetch(`http://${HOST}:${port}${path}`);

  it('answers for a service on its port, to the letter', async () => {
    const { server, liveness } = start();
    const port = await freePort();
    await server.follow([check(port, 2)], true);
    expect([...server.ports]).toEqual([['shop/web', port]]);
    const response = await ask(port, '/whatever');
    expect([response.status, response.headers.get('x-load-balancing-endpoint-weight')]).toEqual([
      200,
      '2',
    ]);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe(
      `{
	"service": {
		"namespace": "shop",
		"name": "web"
	},
	"localEndpoints": 2,
	"serviceProxyHealthy": true
}`,
    );
    await server.follow([check(port, 0)], true);
    expect((await ask(port)).status).toBe(503);
    await server.follow([check(port, 1)], true);
    liveness.updated('IPv4');
    liveness.queued('IPv4');
    liveness.timeoutMs = 0;
    const unwell = await ask(port);
    expect([unwell.status, await unwell.json()]).toMatchObject([
      503,
      { localEndpoints: 1, serviceProxyHealthy: false },
    ]);
  });

  it('follows the ports of services, and says which it cannot have', async () => {
    const { server, failures } = start();
    const [one, other] = [await freePort(), await freePort()];
    await server.follow([check(one, 1)], true);
    await server.follow([check(other, 1)], true);
    await expect(ask(one)).rejects.toThrow();
    expect((await ask(other)).status).toBe(200);
    await server.follow([check(other, 1), check(other, 1, 'rival')], true);
    expect(failures).toEqual([
      expect.stringMatching(`^shop/rival: its health check port ${other} cannot be opened: `),
    ]);
    await server.follow([], true);
    await expect(ask(other)).rejects.toThrow();
  });

  it('answers for the proxy itself', async () => {
    const { server } = start();
    const port = await server.open(0);
    expect((await ask(port, '/healthz?verbose')).status).toBe(200);
    await server.follow([], false);
    const leaving = await ask(port, '/healthz');
    expect([leaving.status, await leaving.json()]).toMatchObject([503, { nodeEligible: false }]);
    expect((await ask(port, '/livez')).status).toBe(200);
    const unknown = await ask(port, '/x');
    expect([unknown.status, await unknown.text()]).toEqual([404, '404 page not found\n']);
  });
});
