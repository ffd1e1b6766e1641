import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normalSave, savedTables } from '../../testing/fidelity/proxy/index.ts';
import { type IPFamily, RuleTracker } from '../model/index.ts';
import { aModel, aNode, aService, aSlice } from '../proxy.fakes.ts';
import { networkMissing, TestNetwork } from '../testing/network.fakes.ts';
import { Follower } from './follow.ts';
import { GOLDEN } from './golden.fakes.ts';
import { kernelText } from './text.ts';

const MISSED = networkMissing(['iptables', 'ip6tables', 'sysctl']);
if (MISSED !== undefined)
  it('loads rules into a kernel that prints them', (context) => context.skip(MISSED));

describe.skipIf(MISSED)('a real kernel', () => {
  let network: TestNetwork;
  beforeAll(async () => {
    network = await TestNetwork.create([], []);
  });
  afterAll(() => network.close());

  const program = (family: IPFamily, what: 'restore' | 'save'): string =>
    `${family === 'IPv6' ? 'ip6tables' : 'iptables'}-${what}`;
  const load = (text: string, family: IPFamily, ...more: string[]): void =>
    void network.onNode([program(family, 'restore'), ...more], text);
  const saved = (family: IPFamily) => normalSave(network.onNode([program(family, 'save')]));

  it.each(Object.entries(GOLDEN))('prints the rules as it is expected to: %s', (_, source) => {
    const model = aModel(source);
    const text = kernelText(model);
    load(text, model.family);
    expect(saved(model.family)).toEqual(savedTables(text, model.family));
  });

  it('is left by updates as by the whole text', () => {
    const config = { clusterCIDR: '10.244.0.0/16' };
    const tracker = new RuleTracker({ node: aNode(), family: 'IPv4', config });
    const follower = new Follower(tracker.model);
    load(kernelText(tracker.model), 'IPv4');
    const local = { type: 'NodePort', externalTrafficPolicy: 'Local' } as const;
    const changes: (() => void)[] = [
      () => tracker.setService(aService('a')),
      () => tracker.setSlice(aSlice('a', ['10.244.1.5', '10.244.2.5'])),
      () => tracker.setService(aService('b', { ...local, ports: [{ port: 80, nodePort: 30080 }] })),
      () => tracker.setSlice(aSlice('b', ['10.244.2.6'])),
      () => tracker.setSlice(aSlice('a', ['10.244.2.5'])),
      () => tracker.deleteService('shop/a'),
      () => tracker.setSlice(aSlice('b', [])),
    ];
    for (const change of changes) {
      change();
      const update = tracker.commit();
      load(follower.update(update), 'IPv4', '--noflush');
      expect(saved('IPv4')).toEqual(savedTables(kernelText(update.after), 'IPv4'));
    }
  });
});
