import { podLabels, serviceBackend } from 'slipway/core/v1';
import { Ingress, IngressClass, NetworkPolicy } from 'slipway/networking/v1';
import { api } from './api.ts';
import { cache } from './cache.ts';
import { database } from './database.ts';
import { nightly } from './nightly.ts';
import { part, shop } from './shop.ts';
import { web, webService } from './web.ts';
import { worker } from './worker.ts';

export const edge = new IngressClass({
  metadata: { name: 'edge' },
  spec: { controller: 'shop.example/edge' },
});

/** The one door from outside. */
export const door = new Ingress({
  metadata: part('door'),
  spec: {
    ingressClassName: edge.name,
    tls: [{ hosts: ['shop.example'], secretName: 'shop-example-tls' }],
    rules: [
      {
        host: 'shop.example',
        http: {
          paths: [{ path: '/', pathType: 'Prefix', backend: serviceBackend(webService, 'http') }],
        },
      },
    ],
  },
});

/** Nobody reaches anybody, but for those named below. */
export const closed = new NetworkPolicy({
  metadata: { name: 'closed', namespace: shop.name },
  spec: { podSelector: {}, policyTypes: ['Ingress'] },
});

type Workload = Parameters<typeof podLabels>[0];

/** Lets `sources` reach `target` at one of its named ports, and nothing else. */
function reachable(target: Workload & { name: string }, port: string, sources: Workload[]) {
  return new NetworkPolicy({
    metadata: { name: `to-${target.name}`, namespace: shop.name },
    spec: {
      podSelector: { matchLabels: podLabels(target) },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: sources.map((each) => ({ podSelector: { matchLabels: podLabels(each) } })),
          ports: [{ port }],
        },
      ],
    },
  });
}

const report = { metadata: nightly.metadata, spec: nightly.spec.jobTemplate.spec };

export const toWeb = new NetworkPolicy({
  metadata: { name: 'to-web', namespace: shop.name },
  spec: {
    podSelector: { matchLabels: podLabels(web) },
    policyTypes: ['Ingress'],
    ingress: [{ ports: [{ port: 'http' }] }],
  },
});
export const toApi = reachable(api, 'http', [web]);
export const toCache = reachable(cache, 'valkey', [api, worker]);
export const toDatabase = reachable(database, 'postgres', [api, report]);
