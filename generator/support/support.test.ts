import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigMap, configKey, dnsName, Secret, Service } from '../../generated/core/v1/index.ts';
import { canonicalQuantity } from '../model/quantity.ts';
import { podLabels, refTo, secretKey, serviceBackend, targetRef } from './references.ts';
import { RESOURCE } from './resource.ts';
import { quantity } from './scalars.ts';

describe('quantity', () => {
  it('writes what the API reads, whatever the number', () => {
    expect([quantity(0.5), quantity(64, 'Mi'), quantity(1e21), quantity(-1e-7, 'm')]).toEqual([
      '0.5',
      '64Mi',
      '1000000000000000000000',
      '-0.0000001m',
    ]);
    fc.assert(
      fc.property(
        fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer()),
        fc.constantFrom('', 'm', 'k', 'Mi', 'Gi'),
        (amount, suffix) => {
          expect(canonicalQuantity(String(quantity(amount, suffix)))).toBeDefined();
        },
      ),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %s', (amount) => {
    expect(() => quantity(amount)).toThrow(`${amount} is no amount`);
  });
});

describe('a resource', () => {
  const settings = new ConfigMap({ metadata: { name: 'settings' }, data: { mode: 'on' } });

  it('is the JSON object that is applied, and is known for a resource', () => {
    expect(JSON.parse(JSON.stringify(settings))).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings' },
      data: { mode: 'on' },
    });
    expect(Object.keys(settings)).toEqual(['apiVersion', 'kind', 'metadata', 'data']);
    expect(RESOURCE in settings).toBe(true);
    expect(ConfigMap.resource).toMatchObject({ resource: 'configmaps', namespaced: true });
  });

  it('is referred to by its name and keys', () => {
    const login = new Secret({ metadata: { name: 'login' }, stringData: { user: 'a' } });
    expect(refTo(settings)).toEqual({ name: 'settings' });
    expect(configKey(settings, 'mode')).toEqual({
      configMapKeyRef: { name: 'settings', key: 'mode' },
    });
    expect(secretKey(login, 'user')).toEqual({ secretKeyRef: { name: 'login', key: 'user' } });
  });

  it('is named as what a door leads to and as what is scaled', () => {
    const web = new Service({ metadata: { name: 'web' } });
    expect(serviceBackend(web, 'http')).toEqual({
      service: { name: 'web', port: { name: 'http' } },
    });
    expect(targetRef(web)).toEqual({ apiVersion: 'v1', kind: 'Service', name: 'web' });
  });

  it('says the labels of its pods and the name under which it is reached', () => {
    const web = new Service({ metadata: { name: 'web', namespace: 'shop' } });
    expect(dnsName(web)).toBe('web.shop.svc.cluster.local');
    expect(dnsName(new Service({ metadata: { name: 'web' } }))).toBe(
      'web.default.svc.cluster.local',
    );
    const labels = { app: 'web' };
    expect(podLabels({ metadata: {}, spec: { template: { metadata: { labels } } } })).toBe(labels);
    expect(podLabels({ metadata: {} })).toEqual({});
  });
});
