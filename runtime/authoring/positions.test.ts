import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ManifestResource, SourceRange } from './contract.ts';
import { TempProject } from './temp-project.fakes.ts';

const FILES = {
  'shared/lib.ts': `
import type { Container } from 'slipway/core/v1';

export const common = { imagePullPolicy: 'Always', terminationMessagePath: '/a' } as const;
export const sidecar = { name: 'side', image: 'envoy' };
export const extra = [sidecar, { name: 'last', image: 'busybox' }];
export function container(name: string, image: string): Container {
  return { ...common, name, image, ports: [80, 443].map((containerPort) => ({ containerPort })) };
}
`,
  'app.ts': `
import { Deployment } from 'slipway/apps/v1';
import { ConfigMap } from 'slipway/core/v1';
import { common, container, extra } from './shared/lib.ts';

const IMAGE = 'nginx';
const labels = { app: 'web', ['tier']: 'front' };
const key = 'compu' + 'ted';

export const web = new Deployment({
  metadata: { name: 'web', labels: { ...labels, extra: 'x', tier: 'back' } },
  spec: {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        containers: [
          { ...common, name: 'web', image: IMAGE },
          ...['a', 'b'].map((name) => container(name, 'made')),
          ...extra,
          { name: 'end', image: 'end' },
        ],
      },
    },
  },
});

class Settings extends ConfigMap {
  constructor(name: string) {
    super({ metadata: { name }, data: { [key]: 'value' } });
  }
}
export const settings = new Settings('settings');

export const all = ['x', 'y'].map((name) => new ConfigMap({ metadata: { name } }));

const copied = JSON.parse(JSON.stringify({ name: 'copied' })) as { name: string };
export const copy = new ConfigMap({ metadata: copied });
`,
};

describe('the place of a field', () => {
  let temp: TempProject;
  let resources: Map<string, ManifestResource>;
  beforeAll(async () => {
    temp = new TempProject(FILES);
    const result = await temp.check();
    expect(result.findings).toEqual([]);
    resources = new Map(result.resources.map((each) => [each.key.split('/')[1]!, each]));
  });
  afterAll(() => temp.close());

  function textAt({ file, line, column, endLine, endColumn }: SourceRange): string {
    const lines = FILES[file as keyof typeof FILES].split('\n').slice(line - 1, endLine);
    const last = lines.length - 1;
    lines[last] = lines[last]!.slice(0, endColumn - 1);
    lines[0] = lines[0]!.slice(column - 1);
    return `${file} ${line}: ${lines.length > 1 ? `${lines[0]} …` : lines[0]}`;
  }
  const place = (name: string, path: string): string => textAt(resources.get(name)!.rangeOf(path));

  it.each([
    ['metadata.name', `app.ts 11: 'web'`],
    ['spec.selector', 'app.ts 13: { matchLabels: labels }'],
    ['spec.selector.matchLabels', `app.ts 7: { app: 'web', ['tier']: 'front' }`],
    ['spec.selector.matchLabels.app', `app.ts 7: 'web'`],
    ['spec.selector.matchLabels[tier]', `app.ts 7: 'front'`],
    ['metadata.labels[app]', `app.ts 7: 'web'`],
    ['metadata.labels[extra]', `app.ts 11: 'x'`],
    ['metadata.labels[tier]', `app.ts 11: 'back'`],
    ['spec.template.spec.containers[0].image', `app.ts 6: 'nginx'`],
    ['spec.template.spec.containers[0].imagePullPolicy', `shared/lib.ts 4: 'Always'`],
    ['spec.template.spec.containers[1].name', `app.ts 19: 'a'`],
    ['spec.template.spec.containers[1].terminationMessagePath', `shared/lib.ts 4: '/a'`],
    ['spec.template.spec.containers[2].ports[1].containerPort', 'shared/lib.ts 8: 443'],
    ['spec.template.spec.containers[3]', `shared/lib.ts 5: { name: 'side', image: 'envoy' }`],
    ['spec.template.spec.containers[3].image', `shared/lib.ts 5: 'envoy'`],
    ['spec.template.spec.containers[4].image', `shared/lib.ts 6: 'busybox'`],
    ['spec.template.spec.containers[5].image', `app.ts 21: 'end'`],
    ['.spec.template.spec.containers[name="end"].image', `app.ts 21: 'end'`],
  ])('%s leads to the text that made it', (path, expected) => {
    expect(place('web', path)).toBe(expected);
  });

  it('is that of the nearest parent, where there is none', () => {
    expect(place('web', 'spec.template.spec.containers[5].resources.limits')).toBe(
      `app.ts 21: { name: 'end', image: 'end' }`,
    );
    expect(place('web', 'spec.replicas')).toBe('app.ts 12: { …');
    expect(place('web', 'status')).toBe('app.ts 10: new Deployment({ …');
    expect(place('web', 'apiVersion')).toBe('app.ts 10: new Deployment({ …');
    expect(place('web', 'metadata.namespace')).toBe(
      `app.ts 11: { name: 'web', labels: { ...labels, extra: 'x', tier: 'back' } }`,
    );
  });

  it('is found in classes of the author and under computed keys', () => {
    expect(place('settings', 'data[computed]')).toBe(`app.ts 30: 'value'`);
    expect(place('settings', 'metadata.name')).toBe(`app.ts 33: 'settings'`);
    expect(textAt(resources.get('settings')!.range)).toBe(`app.ts 33: new Settings('settings')`);
  });

  it('is the nearest known where values were copied', () => {
    expect(place('copied', 'metadata.name')).toBe('app.ts 38: copied');
    expect(place('y', 'metadata.name')).toBe(`app.ts 35: 'y'`);
  });
});
