import { expect, it } from 'vitest';
import type { Pod } from '../../generated/core/v1/types.ts';
import { cutMessage, searchLine } from './dns.ts';
import { webPod } from './pod-life.fakes.ts';

const domainsOf = (spec: Partial<Pod['spec']>) => searchLine(webPod(spec), 'home.example').domains;
const OWN = ['shop.svc.home.example', 'svc.home.example', 'home.example'];
const searches = Array.from({ length: 31 }, (_, at) => `s${at}.example`);

it('leads through the namespace, the services and the domain of the cluster', () => {
  expect(domainsOf({})).toEqual(OWN);
  expect(domainsOf({ dnsConfig: { searches: ['a.example', 'home.example'] } })).toEqual([
    ...OWN,
    'a.example',
  ]);
});

it('is as the DNS policy says', () => {
  expect(domainsOf({ hostNetwork: true })).toEqual([]);
  expect(domainsOf({ hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' })).toEqual(OWN);
  expect(domainsOf({ dnsPolicy: 'Default' })).toEqual([]);
  const dnsConfig = { searches: ['a.example'] };
  expect(domainsOf({ dnsPolicy: 'None', dnsConfig })).toEqual(['a.example']);
});

it('is cut at 32 paths, at 2048 characters, and loses names that are too long', () => {
  const many = searchLine(webPod({ dnsConfig: { searches } }), 'home.example');
  expect([many.domains.length, many.isCut]).toEqual([32, true]);
  expect(cutMessage(many)).toMatch(/applied search line is: shop\.svc\.home\.example svc\.home\./);
  const broad = searches.slice(0, 20).map((each) => `${'x'.repeat(120)}.${each}`);
  const line = searchLine(webPod({ dnsConfig: { searches: broad } }), 'home.example');
  expect(line.isCut).toBe(true);
  expect(line.domains.join(' ').length).toBeLessThanOrEqual(2048);
  const long = searchLine(webPod({ dnsConfig: { searches: ['x'.repeat(254)] } }), 'home.example');
  expect(long).toEqual({ domains: OWN, isCut: true });
  expect(searchLine(webPod(), 'home.example').isCut).toBe(false);
});
