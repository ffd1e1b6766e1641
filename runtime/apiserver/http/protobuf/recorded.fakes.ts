/** What kubectl 1.36 sends for a command, and the JSON that it shows for the same with `--dry-run=client`. */
export const RECORDED: readonly { command: string; sent: string; json: object }[] = [
  {
    command: 'create deployment web --image=nginx --replicas=0 --port=80',
    sent:
      'azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50EroBCiEKA3dlYhIAGgJ0MSIAKgAyADgAQgBaCgoDYXBwEgN3ZWIS' +
      'hgEIABIMCgoKA2FwcBIDd2ViGmwKHAoAEgAaACIAKgAyADgAQgBaCgoDYXBwEgN3ZWISTBIuCgVuZ2lueBIFbmdp' +
      'bngqADIKCgAQABhQIgAqAEIAagByAIABAIgBAJABAKIBABoAMgBCAEoAUgBYAGAAaACCAQCKAQCaAQDCAQAiAgoA' +
      'KAA4ABoMCAAQABgAIAAoADgAGgAiAA==',
    json: {
      kind: 'Deployment',
      apiVersion: 'apps/v1',
      metadata: { name: 'web', namespace: 't1', labels: { app: 'web' } },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: {
            containers: [
              { name: 'nginx', image: 'nginx', ports: [{ containerPort: 80 }], resources: {} },
            ],
          },
        },
        strategy: {},
      },
      status: {},
    },
  },
  {
    command: 'create service clusterip svc --tcp=80:8080',
    sent:
      'azhzAAoNCgJ2MRIHU2VydmljZRJrCiEKA3N2YxIAGgJ0MSIAKgAyADgAQgBaCgoDYXBwEgNzdmMSQgobCgc4MC04' +
      'MDgwEgNUQ1AYUCIHCAAQkD8aACgAEgoKA2FwcBIDc3ZjGgAiCUNsdXN0ZXJJUDoAQgBSAFoAYABoABoCCgAaACIA',
    json: {
      kind: 'Service',
      apiVersion: 'v1',
      metadata: { name: 'svc', namespace: 't1', labels: { app: 'svc' } },
      spec: {
        ports: [{ name: '80-8080', protocol: 'TCP', port: 80, targetPort: 8080 }],
        selector: { app: 'svc' },
        type: 'ClusterIP',
      },
      status: { loadBalancer: {} },
    },
  },
  {
    command: "create cronjob cj --image=busybox --schedule='*/5 * * * *'",
    sent:
      'azhzAAoTCghiYXRjaC92MRIHQ3JvbkpvYhKgAQoUCgJjahIAGgJ0MSIAKgAyADgAQgAShQEKCyovNSAqICogKiAq' +
      'GgAqdAoSCgJjahIAGgAiACoAMgA4AEIAEl4yXAoQCgASABoAIgAqADIAOABCABJIEiEKAmNqEgdidXN5Ym94KgBC' +
      'AGoAcgCAAQCIAQCQAQCiAQAaCU9uRmFpbHVyZTIAQgBKAFIAWABgAGgAggEAigEAmgEAwgEAGgAaACIA',
    json: {
      kind: 'CronJob',
      apiVersion: 'batch/v1',
      metadata: { name: 'cj', namespace: 't1' },
      spec: {
        schedule: '*/5 * * * *',
        jobTemplate: {
          metadata: { name: 'cj' },
          spec: {
            template: {
              metadata: {},
              spec: {
                containers: [{ name: 'cj', image: 'busybox', resources: {} }],
                restartPolicy: 'OnFailure',
              },
            },
          },
        },
      },
      status: {},
    },
  },
  {
    command: 'create secret generic s --from-literal=p=w --from-literal=empty=',
    sent: 'azhzAAoMCgJ2MRIGU2VjcmV0EioKEwoBcxIAGgJ0MSIAKgAyADgAQgASCQoFZW1wdHkSABIGCgFwEgF3GgAaACIA',
    json: {
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: { name: 's', namespace: 't1' },
      data: { empty: '', p: 'dw==' },
    },
  },
  {
    command: "create ingress ing --rule='foo.com/bar*=svc:80,tls=s'",
    sent:
      'azhzAAofChRuZXR3b3JraW5nLms4cy5pby92MRIHSW5ncmVzcxJZChUKA2luZxIAGgJ0MSIAKgAyADgAQgASPBIM' +
      'Cgdmb28uY29tEgFzGiwKB2Zvby5jb20SIQofCh0KBC9iYXISDSILCgNzdmMSBAoAEFAaBlByZWZpeBoCCgAaACIA',
    json: {
      kind: 'Ingress',
      apiVersion: 'networking.k8s.io/v1',
      metadata: { name: 'ing', namespace: 't1' },
      spec: {
        tls: [{ hosts: ['foo.com'], secretName: 's' }],
        rules: [
          {
            host: 'foo.com',
            http: {
              paths: [
                {
                  path: '/bar',
                  pathType: 'Prefix',
                  backend: { service: { name: 'svc', port: { number: 80 } } },
                },
              ],
            },
          },
        ],
      },
      status: { loadBalancer: {} },
    },
  },
  {
    command: 'create pdb p --selector=app=web --min-available=50%',
    sent:
      'azhzAAogCglwb2xpY3kvdjESE1BvZERpc3J1cHRpb25CdWRnZXQSPAoTCgFwEgAaAnQxIgAqADIAOABCABIZCgkI' +
      'ARAAGgM1MCUSDAoKCgNhcHASA3dlYhoKCAAYACAAKAAwABoAIgA=',
    json: {
      kind: 'PodDisruptionBudget',
      apiVersion: 'policy/v1',
      metadata: { name: 'p', namespace: 't1' },
      spec: { minAvailable: '50%', selector: { matchLabels: { app: 'web' } } },
      status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
    },
  },
];
