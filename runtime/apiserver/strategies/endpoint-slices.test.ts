import { expect, it } from 'vitest';
import { endpointslices } from '../../../generated/discovery/v1/resources.ts';
import { refusal, serverForTests } from '../server.fakes.ts';

const addresses = ['10.0.0.1'];

it.each<[why: string, body: object, field: string, message: string]>([
  [
    'is on a node without a name',
    { endpoints: [{ addresses, nodeName: '' }] },
    'endpoints[0].nodeName',
    'Invalid value: "": a lowercase RFC 1123 subdomain must',
  ],
  [
    'has an endpoint without an address',
    { endpoints: [{ addresses: [] }] },
    'endpoints[0].addresses',
    'Required value: must contain at least 1 address',
  ],
  [
    'hints at a node that cannot be',
    { endpoints: [{ addresses, hints: { forNodes: [{ name: 'A!' }] } }] },
    'endpoints[0].hints.forNodes[0].name',
    'Invalid value: "A!": a lowercase RFC 1123 subdomain must',
  ],
  [
    'hints at a zone that cannot be',
    { endpoints: [{ addresses, hints: { forZones: [{ name: 'A!' }] } }] },
    'endpoints[0].hints.forZones[0].name',
    'Invalid value: "A!": a valid label must',
  ],
  [
    'speaks a protocol without a name',
    { endpoints: [], ports: [{ port: 80, appProtocol: '' }] },
    'ports[0].appProtocol',
    'Invalid value: "": name part must be non-empty',
  ],
])('an endpoint slice is refused that %s', async (_, body, field, message) => {
  const { client } = await serverForTests();
  const metadata = { name: 'x', namespace: 'default' };
  const slice = { metadata, addressType: 'IPv4' as const, endpoints: [], ...body };
  const answer = await refusal(client.create(endpointslices, slice));
  expect(answer).toMatchObject({ message: expect.stringContaining(`${field}: ${message}`) });
});

it('an endpoint slice keeps an empty zone', async () => {
  const { client } = await serverForTests();
  const metadata = { name: 'x', namespace: 'default' };
  const endpoints = [{ addresses, zone: '' }];
  const slice = { metadata, addressType: 'IPv4' as const, endpoints };
  expect(await client.create(endpointslices, slice)).toMatchObject({ endpoints: [{ zone: '' }] });
});
