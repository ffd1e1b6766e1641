import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyConflict, forbidden, invalidObject, notFound } from '../meta/index.ts';
import type { ManifestResource } from './contract.ts';
import { withDottedKeys } from './field-path.ts';
import { formatFinding } from './frame.ts';
import { findingForStatus } from './status-findings.ts';
import { deployment, GOOD_POD, TempProject } from './temp-project.fakes.ts';

describe('a refusal of the server', () => {
  let temp: TempProject;
  let resource: ManifestResource;
  beforeAll(async () => {
    temp = new TempProject({ 'shop.ts': deployment(GOOD_POD) });
    resource = (await temp.check()).resources[0]!;
  });
  afterAll(() => temp.close());
  const frames = (...parameters: Parameters<typeof findingForStatus>): string =>
    findingForStatus(...parameters)
      .map((each) => formatFinding(each, temp.project.sourceText))
      .join('\n\n');

  it('stands at the fields it names', () => {
    const about = { group: 'apps', resource: 'Deployment', name: 'web' };
    const error = invalidObject(about, [
      {
        reason: 'FieldValueInvalid',
        message: 'Invalid value: {"matchLabels":{"app":"web"}}: field is immutable',
        field: 'spec.selector',
      },
      {
        reason: 'FieldValueNotSupported',
        message: 'Unsupported value: "x": supported values: "Always"',
        field: 'spec.template.spec.containers[0].imagePullPolicy',
      },
    ]);
    expect(frames(resource, error)).toMatchInlineSnapshot(`
      "error E_MANIFEST_VALUE: \`selector\` is not valid: field is immutable
        shop › Deployment/web › spec.selector

        ❯ shop.ts:8:15
            7|     replicas: 2,
            8|     selector: { matchLabels: { app: 'web' } },
             |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        help: slipway explain deployment.spec.selector

      error E_MANIFEST_ENUM: \`imagePullPolicy\` must be one of Always, IfNotPresent, Never; got nothing
        shop › Deployment/web › spec.template.spec.containers[0].imagePullPolicy

        ❯ shop.ts:11:28
           10|       metadata: { labels: { app: 'web' } },
           11|       spec: { containers: [{ name: 'web', image: 'nginx' }] },
             |                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        help: slipway explain deployment.spec.template.spec.containers.imagePullPolicy"
    `);
  });

  it('stands at the namespace that is not there', () => {
    expect(
      frames(resource, notFound({ group: '', resource: 'namespaces', name: 'shop' })),
    ).toMatchInlineSnapshot(`
      "error E_MANIFEST_REFUSED: there is no namespace "shop"
        shop › Deployment/web › metadata.namespace

        ❯ shop.ts:5:39
            4| export const web = new Deployment({
            5|   metadata: { name: 'web', namespace: 'shop' },
             |                                       ^^^^^^
        help: export a Namespace of this name, or name another"
    `);
  });

  it('says of a name that it leads nowhere', () => {
    const about = { group: 'apps', resource: 'Deployment', name: 'web' };
    const field = 'spec.template.spec.containers[0].name';
    const cause = { reason: 'FieldValueNotFound', message: 'Not found: "v"', field };
    const [found] = findingForStatus(resource, invalidObject(about, [cause]));
    expect(found).toMatchObject({
      message: '`name` names "v", which is not there',
      fieldPath: field,
    });
  });

  it('stands at the conflicting fields of an apply', () => {
    const conflicts = [{ who: '"hpa"', field: '.spec.replicas' }];
    expect(frames(resource, applyConflict(conflicts))).toMatchInlineSnapshot(`
      "error E_MANIFEST_REFUSED: conflict with "hpa"
        shop › Deployment/web › spec.replicas

        ❯ shop.ts:7:15
            6|   spec: {
            7|     replicas: 2,
             |               ^
        help: see what it says"
    `);
  });

  it('stands at the resource when it names none', () => {
    const about = { group: 'apps', resource: 'deployments', name: 'web' };
    const error = forbidden(about, 'unable to create new content in namespace shop');
    expect(frames(resource, error)).toMatchInlineSnapshot(`
      "error E_MANIFEST_REFUSED: deployments.apps "web" is forbidden: unable to create new content in namespace shop
        shop › Deployment/web

        ❯ shop.ts:4:20
            3|
            4| export const web = new Deployment({
             |                    ^^^^^^^^^^^^^^^^
        help: see what it says"
    `);
  });
});

describe('a path as field managers write it', () => {
  const object = {
    data: { 'ca.crt': 'x', ca: { key: 'y' } },
    spec: { containers: [{ name: 'a', image: 'b' }] },
  };

  it.each([
    ['data.ca.crt', 'data[ca.crt]'],
    ['data.ca.key', 'data.ca.key'],
    ['data.none.crt', 'data.none.crt'],
    ['spec.containers[name="a"].image', 'spec.containers[name="a"].image'],
    ['spec.replicas', 'spec.replicas'],
  ])('%s is %s', (path, expected) => {
    expect(withDottedKeys(object, path)).toBe(expected);
  });
});
