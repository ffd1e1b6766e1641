import { describe, expect, it } from 'vitest';
import type { Service } from '../../../generated/core/v1/types.ts';
import { addressPool, balancerAddress, CloudError } from './cloud.ts';

const service = (spec: Service['spec'] = {}, metadata: object = {}): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop', ...metadata },
  spec,
});
const pool = addressPool('203.0.113.8/30');

function place(of: Service, taken: readonly string[] = [], from = 0) {
  return balancerAddress({ service: of, pool, from, isTaken: (each) => taken.includes(each) });
}

describe('an address of the cloud', () => {
  it('is the next free one, without the ends of the range', () => {
    expect(place(service())).toEqual({ address: '203.0.113.9', index: 0 });
    expect(place(service(), [], 1).address).toBe('203.0.113.10');
    expect(place(service(), ['203.0.113.10'], 1).address).toBe('203.0.113.9');
    expect(() => place(service(), ['203.0.113.9', '203.0.113.10'])).toThrow(
      'no address of 203.0.113.8/30 is free',
    );
  });

  it('stays, unless another one is wished for', () => {
    const live = { status: { loadBalancer: { ingress: [{ ip: '198.51.100.7' }] } } };
    expect(place({ ...service(), ...live })).toEqual({ address: '198.51.100.7' });
    const wish = service({ loadBalancerIP: '203.0.113.10' });
    expect(place({ ...wish, ...live })).toEqual({ address: '203.0.113.10' });
    expect(() => place(wish, ['203.0.113.10'])).toThrow('requested address 203.0.113.10 is in use');
    expect(() => place(service({ loadBalancerIP: '198.51.100.7' }))).toThrow(
      'requested address 198.51.100.7 is not in 203.0.113.8/30',
    );
  });

  it('is of IPv4, and for clients that are ranges', () => {
    expect(() => place(service({ ipFamilies: ['IPv6'] }))).toThrow(CloudError);
    expect(place(service({ ipFamilies: ['IPv6', 'IPv4'] })).address).toBe('203.0.113.9');
    const ranges = (text: string) => ({
      annotations: { 'service.beta.kubernetes.io/load-balancer-source-ranges': text },
    });
    expect(place(service({}, ranges('10.0.0.0/8, 2001:db8::/32'))).address).toBe('203.0.113.9');
    expect(() => place(service({}, ranges('10.0.0.0/8,all')))).toThrow(
      'service.beta.kubernetes.io/load-balancer-source-ranges: 10.0.0.0/8,all is not valid. ' +
        'Expecting a comma-separated list of source IP ranges. For example, 10.0.0.0/24,192.168.2.0/24',
    );
  });

  it('comes from the usual range when none is given, and from no other family', () => {
    expect(addressPool()?.address(0)).toBe('203.0.113.1');
    expect(addressPool()?.size).toBe(254);
    expect(addressPool('198.51.100.4/32')).toMatchObject({ size: 1 });
    expect(addressPool('2001:db8::/64')).toBeUndefined();
  });
});
