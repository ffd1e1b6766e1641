import { describe, expect, it } from 'vitest';
import { apiservices } from '../../../generated/apiregistration/v1/resources.ts';
import { tableColumns, tableRow } from '../../meta/index.ts';
import { type Bench, refusal, serverForTests } from '../server.fakes.ts';

const SPEC = { group: 'tides.test', version: 'v1', groupPriorityMinimum: 9, versionPriority: 9 };
const make = ({ client }: Bench, name: string, spec: object) =>
  client.create(apiservices, { metadata: { name }, spec: spec as never });

function cells({ server }: Bench, object: object): unknown[] {
  const descriptor = server.kindAt('apiregistration.k8s.io', 'v1', 'apiservices')!;
  return tableRow(descriptor, object as never, 0, tableColumns(descriptor)).slice(0, 3);
}

describe('an APIService', () => {
  it('without a service is the server itself, which is available', async () => {
    const bench = await serverForTests();
    const made = await make(bench, 'v1.tides.test', SPEC);
    expect(cells(bench, made)).toEqual(['v1.tides.test', 'Local', 'True']);
    expect(made.metadata).not.toHaveProperty('generation');
  });

  it('with one is at its port 443, of which nothing is known until somebody asked', async () => {
    const bench = await serverForTests();
    const service = { namespace: 'sea', name: 'tides' };
    const made = await make(bench, 'v1.tides.test', { ...SPEC, service });
    expect(made.spec?.service?.port).toBe(443);
    expect(cells(bench, made)).toEqual(['v1.tides.test', 'sea/tides', 'Unknown']);
    const told = { type: 'Available', status: 'False', reason: 'ServiceNotFound' };
    const known = await bench.client.updateStatus(apiservices, {
      ...made,
      status: { conditions: [told] },
    });
    expect(cells(bench, known)[2]).toBe('False (ServiceNotFound)');
    const odd = { ...known, status: { conditions: [{ type: 'Available', status: 'Maybe' }] } };
    expect(await refusal(bench.client.updateStatus(apiservices, odd))).toMatchObject({
      fields: ['status.conditions[0].status'],
    });
  });

  it.each([
    ['v1.tides', SPEC, 'metadata.name', /must be `spec.version\+"."\+spec.group`: "v1.tides.test"/],
    ['v2.', { ...SPEC, group: '', version: 'v2' }, 'spec.group', /only v1 may have an empty group/],
    ['v1.A_b', { ...SPEC, group: 'A_b' }, 'spec.group', /lowercase RFC 1123 subdomain/],
    ['1.tides.test', { ...SPEC, version: '1' }, 'spec.version', /DNS-1035 label/],
    [
      'v1.tides.test',
      { ...SPEC, caBundle: 'YWJj' },
      'spec.caBundle',
      /"3 bytes": local APIServices/,
    ],
    [
      'v1.tides.test',
      { ...SPEC, groupPriorityMinimum: undefined },
      'spec.groupPriorityMinimum',
      /Invalid value: 0: must be positive and less than 20000/,
    ],
    ['v1.tides.test', { ...SPEC, versionPriority: 1001 }, 'spec.versionPriority', /less than 1000/],
    [
      'v1.tides.test',
      { ...SPEC, service: { namespace: 'sea', name: 'tides', port: 70_000 } },
      'spec.service.port',
      /port is not valid: must be between 1 and 65535, inclusive/,
    ],
    [
      'v1.tides.test',
      {
        ...SPEC,
        service: { namespace: 'sea', name: 'tides' },
        caBundle: 'YWJj',
        insecureSkipTLSVerify: true,
      },
      'spec.insecureSkipTLSVerify',
      /may not be true if caBundle is present/,
    ],
  ])('%s with %j is refused for %s', async (name, spec, field, text) => {
    const bench = await serverForTests();
    const refused = await refusal(make(bench, name, spec));
    expect(refused).toMatchObject({ fields: [field], message: expect.stringMatching(text) });
  });
});
