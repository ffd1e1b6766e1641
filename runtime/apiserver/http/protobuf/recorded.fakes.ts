/** What kubectl 1.36 sends for a command or is answered, and the JSON that it shows for the same with `--dry-run=client`. */
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
  {
    command: 'get of a definition, as kube-apiserver 1.36 answers it',
    sent:
      'azhzAAozChdhcGlleHRlbnNpb25zLms4cy5pby92MRIYQ3VzdG9tUmVzb3VyY2VEZWZpbml0aW9uErQGCrgCChFi' +
      'b2F0cy5zZWEuZXhhbXBsZRIAGgAiACokYWUyYTZkMjAtZjgyNC00NDVkLWI5OTMtMzE0NWE2MTM1MzQxMgA4AUII' +
      'CLnjoNgGEACKAecBCgRjdXJsEgZVcGRhdGUaF2FwaWV4dGVuc2lvbnMuazhzLmlvL3YxIggIueOg2AYQADIIRmll' +
      'bGRzVjE6pwEKpAF7ImY6c3BlYyI6eyJmOmNvbnZlcnNpb24iOnsiLiI6e30sImY6c3RyYXRlZ3kiOnt9fSwiZjpn' +
      'cm91cCI6e30sImY6bmFtZXMiOnsiZjpraW5kIjp7fSwiZjpsaXN0S2luZCI6e30sImY6cGx1cmFsIjp7fSwiZjpz' +
      'aW5ndWxhciI6e319LCJmOnNjb3BlIjp7fSwiZjp2ZXJzaW9ucyI6e319fUIAEuQDCgtzZWEuZXhhbXBsZRodCgVi' +
      'b2F0cxIEYm9hdCIEQm9hdCoIQm9hdExpc3QiCk5hbWVzcGFjZWQ6nwMKAnYxEAEYASKOAwqLAwoAEgAiACoGb2Jq' +
      'ZWN0MgA6AFAAYAB6AJABAOoB4wIKBHNwZWMS2gIKABIAIgAqBm9iamVjdDIAOgBQAGAAegCQAQDqAU0KBGNyZXcS' +
      'RQoAEgAiACoHaW50ZWdlcjIAOgBCAwoBM1AAWQAAAAAAAAAAYAB6AJABAKIBAwoBMaIBAwoBMqIBAwoBM6gCALgC' +
      'AMACAOoBMQoEZnJlZRIpCgASACIAKgZvYmplY3QyADoAUABgAHoAkAEA8gECCAGoAgC4AgDAAgDqAVQKBGxpc3QS' +
      'TAoAEgAiACoFYXJyYXkyADoAUABgAHoAkAEAwgEmCiQKABIAIgAqBnN0cmluZzIAOgBQAGAAegCQAQCoAgC4AgDA' +
      'AgCoAgC4AgDAAgDqAVgKBXR5cGVkEk8KABIAIgAqBm9iamVjdDIAOgBQAGAAegCQAQDyASgIARIkCgASACIAKgZz' +
      'dHJpbmcyADoAUABgAHoAkAEAqAIAuAIAwAIAqAIAuAIAwAIAqAIAuAIAwAIAqAIAuAIAwAIAKgIKADgASgYKBE5v' +
      'bmVQABoQEggKABIAIgAqABoCdjEgABoAIgA=',
    json: {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: {
        name: 'boats.sea.example',
        uid: 'ae2a6d20-f824-445d-b993-3145a6135341',
        generation: 1,
        creationTimestamp: '2026-11-26T13:18:49Z',
        managedFields: [
          {
            manager: 'curl',
            operation: 'Update',
            apiVersion: 'apiextensions.k8s.io/v1',
            time: '2026-11-26T13:18:49Z',
            fieldsType: 'FieldsV1',
            fieldsV1: {
              'f:spec': {
                'f:conversion': { '.': {}, 'f:strategy': {} },
                'f:group': {},
                'f:names': { 'f:kind': {}, 'f:listKind': {}, 'f:plural': {}, 'f:singular': {} },
                'f:scope': {},
                'f:versions': {},
              },
            },
          },
        ],
      },
      spec: {
        group: 'sea.example',
        names: { plural: 'boats', singular: 'boat', kind: 'Boat', listKind: 'BoatList' },
        scope: 'Namespaced',
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: {
                  spec: {
                    type: 'object',
                    properties: {
                      crew: { type: 'integer', default: 3, minimum: 0, enum: [1, 2, 3] },
                      free: { type: 'object', additionalProperties: true },
                      list: { type: 'array', items: { type: 'string' } },
                      typed: { type: 'object', additionalProperties: { type: 'string' } },
                    },
                  },
                },
              },
            },
            subresources: { status: {} },
          },
        ],
        conversion: { strategy: 'None' },
      },
      status: { acceptedNames: { plural: '', kind: '' }, storedVersions: ['v1'] },
    },
  },
];
