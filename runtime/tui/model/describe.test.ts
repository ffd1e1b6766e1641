import { describe, expect, it } from 'vitest';
import { fieldLines, fieldsOf, labelOf, ruledTable } from './describe-fields.ts';
import { plain } from './text.ts';

const text = (object: object, columns = 80): string =>
  `\n${fieldLines(fieldsOf(object), columns).map(plain).join('\n')}\n`;

describe('fields of a description', () => {
  it.each([
    ['restartPolicy', 'Restart Policy'],
    ['containerID', 'Container ID'],
    ['podIPs', 'IPs'],
    ['clusterIPs', 'Cluster IPs'],
    ['podCIDR', 'Pod CIDR'],
    ['dnsPolicy', 'DNS Policy'],
    ['qosClass', 'QoS Class'],
    ['phase', 'Status'],
  ])('%s is called %s', (name, label) => {
    expect(labelOf(name)).toBe(label);
  });

  it('line up, nest, and leave out what is empty', () => {
    expect(
      text({
        nodeName: 'n1',
        hostNetwork: false,
        securityContext: {},
        finalizers: [],
        startTime: '2026-01-01T00:00:03Z',
        resources: { requests: { cpu: '500m', 'nvidia.com/gpu': '1' } },
      }),
    ).toMatchInlineSnapshot(`
      "
      Node:          n1
      Host Network:  False
      Start Time:    Thu, 01 Jan 2026 00:00:03 +0000
      Resources:
        Requests:
          cpu:             500m
          nvidia.com/gpu:  1
      "
    `);
  });

  it('read lists by what is in them', () => {
    expect(
      text({
        args: ['--port', '80'],
        env: [{ name: 'MODE', value: 'shop' }],
        volumes: [
          { name: 'tmp', emptyDir: {} },
          { name: 'config', configMap: { name: 'settings', defaultMode: 420 } },
        ],
        addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
        podIPs: [{ ip: '10.244.0.2' }],
        tolerations: [{ key: 'gpu', operator: 'Exists', effect: 'NoSchedule' }],
        items: [{ path: 'a', nested: { deep: true, other: 1 } }],
      }),
    ).toMatchInlineSnapshot(`
      "
      Args:         --port
                    80
      Env:
        MODE:  shop
      Volumes:
        tmp:     Empty Dir
        config:  Config Map
          Name:          settings
          Default Mode:  420
      Addresses:    InternalIP: 10.0.0.1
      IPs:          10.244.0.2
      Tolerations:  key=gpu, operator=Exists, effect=NoSchedule
      Items:
        1:
          Path:  a
          Nested:
            Deep:   True
            Other:  1
      "
    `);
  });

  it('read selectors, choices and templates as kubectl does', () => {
    expect(
      text({
        selector: {
          matchLabels: { app: 'web' },
          matchExpressions: [{ key: 'tier', operator: 'Exists' }],
        },
        state: { waiting: { reason: 'ImagePullBackOff' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { restartPolicy: 'Always' } },
      }),
    ).toMatchInlineSnapshot(`
      "
      Selector:  app=web,tier
      State:     Waiting
        Reason:  ImagePullBackOff
      Pod Template:
        Labels:          app=web
        Restart Policy:  Always
      "
    `);
  });

  it('wrap what is longer than the screen', () => {
    const message = 'one two three four five six seven eight nine ten eleven twelve';
    expect(text({ message }, 40)).toMatchInlineSnapshot(`
      "
      Message:  one two three four five six
                  seven eight nine ten eleven
                  twelve
      "
    `);
    const table = ruledTable(['Type', 'Message'], [['Warning', message]], 40);
    expect(table.flat().join('\n')).toMatchInlineSnapshot(`
      "  Type     Message
        ----     -------
        Warning  one two three four five six
                 seven eight nine ten eleven
                 twelve"
    `);
  });
});
