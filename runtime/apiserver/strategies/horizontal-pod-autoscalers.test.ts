import { describe, expect, it } from 'vitest';
import { horizontalpodautoscalers } from '../../../generated/autoscaling/v2/resources.ts';
import { refusal, serverForTests } from '../server.fakes.ts';

const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };

async function made(spec: object) {
  const { client } = await serverForTests();
  return client.create(horizontalpodautoscalers, {
    metadata: { name: 'a', namespace: 'default' },
    spec: { scaleTargetRef, maxReplicas: 3, ...spec },
  });
}

const METRIC = 'spec.metrics[0]';

/** Fields with the reasons that they are refused for. */
async function refused(spec: object): Promise<string[]> {
  const { fields } = (await refusal(made(spec))) as { fields: string[] };
  return fields.map((field) => field.replace(`${METRIC}.`, ''));
}

const metric = (type: string, source: object) => ({
  metrics: [{ type, [type[0]!.toLowerCase() + type.slice(1)]: source }],
});
const named = { metric: { name: 'm' } };

describe('an autoscaler', () => {
  it('takes an empty list of metrics for none', async () => {
    expect((await made({ metrics: [] })).spec).toEqual((await made({})).spec);
  });

  it('scales what is of a group, or a ReplicationController', async () => {
    const at = async (target: object) =>
      refusal(made({ scaleTargetRef: { ...scaleTargetRef, ...target } }));
    const says = (what: string) => ({
      code: 422,
      message: `HorizontalPodAutoscaler.autoscaling "a" is invalid: spec.scaleTargetRef.apiVersion: Invalid value: ${what}`,
    });
    expect(await at({ apiVersion: 'v1' })).toMatchObject(
      says('"v1": apiVersion must specify API group'),
    );
    expect(await at({ apiVersion: 'a/b/c' })).toMatchObject(
      says('"a/b/c": unexpected GroupVersion string: a/b/c'),
    );
    const replicas = { apiVersion: 'v1', kind: 'ReplicationController', name: 'web' };
    expect((await made({ scaleTargetRef: replicas })).spec?.scaleTargetRef).toEqual(replicas);
  });

  it('looks at CPU, and says all of a behaviour of which it says something', async () => {
    expect((await made({})).spec).toEqual({
      scaleTargetRef,
      maxReplicas: 3,
      minReplicas: 1,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
        },
      ],
    });
    const { spec } = await made({ behavior: { scaleUp: { stabilizationWindowSeconds: 7 } } });
    expect(spec.behavior).toEqual({
      scaleUp: {
        stabilizationWindowSeconds: 7,
        selectPolicy: 'Max',
        policies: [
          { type: 'Pods', value: 4, periodSeconds: 15 },
          { type: 'Percent', value: 100, periodSeconds: 15 },
        ],
      },
      scaleDown: {
        selectPolicy: 'Max',
        policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
      },
    });
  });

  it.each<[string, object, string[]]>([
    ['has a source', { metrics: [{}] }, ['type', 'type']],
    ['has the source that it names', { metrics: [{ type: 'Pods' }] }, ['pods']],
    [
      'has no other source',
      {
        metrics: [
          {
            type: 'Pods',
            pods: { ...named, target: { type: 'AverageValue', averageValue: '1' } },
            external: { ...named, target: { type: 'Value', value: '1' } },
          },
        ],
      },
      ['external'],
    ],
    [
      'has a target of a type',
      metric('Pods', { ...named, target: { averageValue: '1' } }),
      ['pods.target.type', 'pods.target.type'],
    ],
    [
      'has a target of a known type',
      metric('Pods', { ...named, target: { type: 'Odd', averageValue: '1' } }),
      ['pods.target.type'],
    ],
    [
      'averages pods',
      metric('Pods', { ...named, target: { type: 'Value', value: '1' } }),
      ['pods.target.averageValue'],
    ],
    [
      'wants more than nothing',
      metric('External', { ...named, target: { type: 'Value', value: '0' } }),
      ['external.target.value'],
    ],
    [
      'wants one value of an external metric',
      metric('External', { ...named, target: { type: 'Value', value: '1', averageValue: '1' } }),
      ['external.target.value'],
    ],
    [
      'wants some value of an object',
      metric('Object', { ...named, describedObject: scaleTargetRef, target: { type: 'Value' } }),
      ['object.target.averageValue'],
    ],
    [
      'wants some use of a resource',
      metric('Resource', { name: 'cpu', target: { type: 'Utilization' } }),
      ['resource.target.averageUtilization'],
    ],
    [
      'wants one use of a resource',
      metric('ContainerResource', {
        name: 'cpu',
        container: 'c',
        target: { type: 'Utilization', averageUtilization: 1, averageValue: '1' },
      }),
      ['containerResource.target.averageValue'],
    ],
    [
      'names its metric',
      metric('Pods', { target: { type: 'AverageValue', averageValue: '1' } }),
      ['pods.metric.name'],
    ],
    [
      'tolerates something',
      { behavior: { scaleDown: { tolerance: '-1' } } },
      ['spec.behavior.scaleDown.tolerance'],
    ],
  ])('%s', async (_, spec, fields) => {
    expect(await refused(spec)).toEqual(fields);
  });

  it('says in which words a type is odd', async () => {
    const odd = made(metric('Pods', { ...named, target: { type: 'Odd', averageValue: '1' } }));
    expect(await refusal(odd)).toMatchObject({
      message: expect.stringContaining('must be either Utilization, Value, or AverageValue'),
    });
  });
});
