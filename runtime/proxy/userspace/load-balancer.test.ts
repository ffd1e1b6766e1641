import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random, VirtualClock } from '../../base/index.ts';
import { LoadBalancer, NoEndpoint } from './load-balancer.ts';

const WEB = 'shop/web:http';

function balancer(seed = 1) {
  const clock = new VirtualClock();
  const lb = new LoadBalancer({ clock, random: Random.seeded(seed) });
  const pass = (ms: number): void => clock.moveTo(clock.now() + ms);
  const take = (count: number, client = '10.0.0.9'): string[] =>
    Array.from({ length: count }, () => lb.nextEndpoint(WEB, client));
  return { lb, pass, take };
}

describe('the round-robin balancer', () => {
  it('says what is missing', () => {
    const { lb } = balancer();
    expect(() => lb.nextEndpoint(WEB, 'c')).toThrow(new NoEndpoint('missing service entry'));
    lb.setService(WEB, { type: 'None' });
    expect(() => lb.nextEndpoint(WEB, 'c')).toThrow(new NoEndpoint('missing endpoints'));
    lb.setEndpoints(WEB, ['a:1']);
    lb.deleteService(WEB);
    expect(() => lb.nextEndpoint(WEB, 'c')).toThrow('missing service entry');
  });

  it('gives every endpoint its turn', () => {
    const { lb, take } = balancer();
    lb.setEndpoints(WEB, ['a:1', 'b:1', 'c:1']);
    const round = take(3);
    expect(round.toSorted()).toEqual(['a:1', 'b:1', 'c:1']);
    expect(take(6)).toEqual([...round, ...round]);
  });

  it('shuffles a new list, by the seed', () => {
    const orders = new Set(
      [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => {
        const { lb, take } = balancer(seed);
        lb.setEndpoints(WEB, ['a:1', 'b:1', 'c:1', 'd:1']);
        return take(4).join();
      }),
    );
    expect(orders.size).toBeGreaterThan(3);
  });

  it('goes on where it was when the same endpoints come in another order', () => {
    const { lb, take } = balancer();
    lb.setEndpoints(WEB, ['a:1', 'b:1', 'c:1']);
    const [first, second, third] = take(3);
    expect(take(1)).toEqual([first]);
    lb.setEndpoints(WEB, ['c:1', 'a:1', 'b:1']);
    expect(take(2)).toEqual([second, third]);
  });

  it('keeps a client with its endpoint until it was silent for the timeout', () => {
    const { lb, pass, take } = balancer();
    lb.setService(WEB, { type: 'ClientIP', timeoutSeconds: 10 });
    lb.setEndpoints(WEB, ['a:1', 'b:1']);
    const [mine] = take(1, '10.0.0.1');
    const [other] = take(1, '10.0.0.2');
    expect(other).not.toBe(mine);
    for (let use = 0; use < 3; use++) {
      pass(9_900);
      expect(take(1, '10.0.0.1')).toEqual([mine]);
    }
    pass(10_000);
    expect(take(1, '10.0.0.1')).toEqual([mine]);
    pass(10_000);
    expect(take(1, '10.0.0.1')).toEqual([other]);
  });

  it('gives a client another endpoint after a failure, and keeps it there', () => {
    const { lb, take } = balancer();
    lb.setService(WEB, { type: 'ClientIP', timeoutSeconds: 10 });
    lb.setEndpoints(WEB, ['a:1', 'b:1']);
    const [first] = take(1);
    const second = lb.nextEndpoint(WEB, '10.0.0.9', true);
    expect(second).not.toBe(first);
    expect(take(3)).toEqual([second, second, second]);
  });

  it('frees the clients of an endpoint that went, and only those', () => {
    const { lb, take } = balancer();
    lb.setService(WEB, { type: 'ClientIP', timeoutSeconds: 10 });
    lb.setEndpoints(WEB, ['a:1', 'b:1']);
    const [gone] = take(1, '10.0.0.1');
    const [stays] = take(1, '10.0.0.2');
    lb.setEndpoints(WEB, [stays!, 'c:1', 'd:1']);
    expect(take(3, '10.0.0.2')).toEqual([stays, stays, stays]);
    expect(take(1, '10.0.0.1')).not.toEqual([gone]);
  });

  it('forgets clients whose time is over', () => {
    const { lb, pass, take } = balancer();
    lb.setService(WEB, { type: 'ClientIP', timeoutSeconds: 10 });
    lb.setEndpoints(WEB, ['a:1']);
    take(1, '10.0.0.1');
    pass(5000);
    take(1, '10.0.0.2');
    pass(5000);
    lb.forgetExpired();
    expect(lb.stuckClients(WEB)).toBe(1);
  });

  it('is even to within one connection, whatever the endpoints', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 200 }),
        (many, calls) => {
          const { lb, take } = balancer();
          lb.setEndpoints(
            WEB,
            Array.from({ length: many }, (_, at) => `10.0.0.${at}:80`),
          );
          const counts = new Map<string, number>();
          for (const endpoint of take(calls)) counts.set(endpoint, (counts.get(endpoint) ?? 0) + 1);
          for (const count of counts.values()) {
            expect(count).toBeGreaterThanOrEqual(Math.floor(calls / many));
            expect(count).toBeLessThanOrEqual(Math.ceil(calls / many));
          }
        },
      ),
    );
  });
});
