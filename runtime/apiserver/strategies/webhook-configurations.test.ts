import { describe, expect, it } from 'vitest';
import { mutatingwebhookconfigurations } from '../../../generated/admissionregistration/v1/resources.ts';
import type { ApiError } from '../../meta/index.ts';
import { serverForTests } from '../server.fakes.ts';

const RULE = {
  operations: ['CREATE'],
  apiGroups: [''],
  apiVersions: ['v1'],
  resources: ['pods'],
};
const WEBHOOK = {
  name: 'set.sea.example',
  admissionReviewVersions: ['v1'],
  sideEffects: 'None',
  clientConfig: { url: 'https://hook.sea.example/set' },
  rules: [RULE],
};

async function refused(...webhooks: readonly object[]): Promise<readonly string[]> {
  const { client } = await serverForTests();
  const body = { metadata: { name: 'hooks' }, webhooks } as never;
  try {
    await client.create(mutatingwebhookconfigurations, body);
  } catch (error) {
    const { causes } = error as ApiError;
    return causes.map(({ field, message }) => `${field}: ${message}`);
  }
  return [];
}

const withRule = (rule: object) => ({ ...WEBHOOK, rules: [{ ...RULE, ...rule }] });
const withClient = (clientConfig: object) => ({ ...WEBHOOK, clientConfig });
const withUrl = (url: string) => withClient({ url });
const withPath = (path: string) => withClient({ service: { namespace: 'n', name: 's', path } });

describe('a configuration of webhooks', () => {
  it('is taken where all of it can be asked', async () => {
    const rules = [{ ...RULE, operations: ['*'], resources: ['pods', 'pods/*', '*/scale'] }];
    const client = { service: { namespace: 'n', name: 's', path: '/a/b/' } };
    const other = { ...WEBHOOK, name: 'b.sea.example', rules, clientConfig: client };
    expect(await refused(WEBHOOK, other)).toEqual([]);
  });

  it.each([
    ['a short name', { ...WEBHOOK, name: 'set.sea' }, 'name', 'three segments'],
    ['a name that is none', { ...WEBHOOK, name: 'A.b.c' }, 'name', 'RFC 1123'],
    ['no time', { ...WEBHOOK, timeoutSeconds: 31 }, 'timeoutSeconds', 'between 1 and 30'],
    ['no address', withClient({}), 'clientConfig', 'exactly one of url or service'],
    ['plain HTTP', withUrl('http://a.example'), 'clientConfig.url', "'https' is the only"],
    ['no host', withUrl('https:///x'), 'clientConfig.url', 'host must be specified'],
    ['a user', withUrl('https://u@a.example'), 'clientConfig.url', 'user information'],
    ['a fragment', withUrl('https://a.example/x#y'), 'clientConfig.url', 'fragments'],
    ['a query', withUrl('https://a.example/x?y'), 'clientConfig.url', 'query parameters'],
    ['a relative path', withPath('ab'), 'clientConfig.service.path', "start with a '/'"],
    ['an empty step', withPath('/a//b'), 'clientConfig.service.path', 'segment[1] may not'],
    ['no groups', withRule({ apiGroups: [] }), 'rules[0].apiGroups', 'Required'],
    [
      'a star and more',
      withRule({ apiGroups: ['*', 'a'] }),
      'rules[0].apiGroups',
      'other API groups',
    ],
    ['an empty version', withRule({ apiVersions: [''] }), 'rules[0].apiVersions[0]', 'Required'],
    [
      'a covered part',
      withRule({ resources: ['a/*', 'a/b'] }),
      'rules[0].resources[1]',
      "'a/*' is present",
    ],
    [
      'a covered resource',
      withRule({ resources: ['*', 'a'] }),
      'rules[0].resources',
      'without subresources',
    ],
    [
      'all and more',
      withRule({ resources: ['*/*', 'a'] }),
      'rules[0].resources',
      'other resources',
    ],
    [
      'no review',
      { ...WEBHOOK, admissionReviewVersions: ['v2'] },
      'admissionReviewVersions',
      'at least one',
    ],
    [
      'a review twice',
      { ...WEBHOOK, admissionReviewVersions: ['v1', 'v1'] },
      'admissionReviewVersions[1]',
      'duplicate',
    ],
  ])('is refused with %s', async (_, webhook, field, words) => {
    expect(await refused(webhook)).toEqual([
      expect.stringMatching(new RegExp(`^webhooks\\[0\\]\\.${field.replace(/[[\]]/g, '\\$&')}: `)),
    ]);
    expect((await refused(webhook))[0]).toContain(words);
  });
});
