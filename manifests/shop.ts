import { ConfigMap, Namespace, Secret } from 'slipway/core/v1';

/** Everything of the shop lives in here. */
export const shop = new Namespace({ metadata: { name: 'shop' } });

const ZONE = 'topology.kubernetes.io/zone';

/** At most one pod more in one zone than in another. */
export function spreadOverZones(matchLabels: Readonly<Record<string, string>>) {
  return {
    maxSkew: 1,
    topologyKey: ZONE,
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector: { matchLabels },
  } as const;
}

/** For the pod spec of what belongs on the nodes that are kept for batches. */
export const onBatchNodes = {
  nodeSelector: { 'shop.example/work': 'batch' },
  tolerations: [{ key: 'shop.example/work', value: 'batch', effect: 'NoSchedule' }],
} as const;

/** Name, namespace and labels of one part of the shop. */
export function part(name: string) {
  return {
    name,
    namespace: shop.name,
    labels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': shop.name },
  };
}

export const settings = new ConfigMap({
  metadata: { name: 'settings', namespace: shop.name },
  data: {
    CURRENCY: 'EUR',
    LOG_LEVEL: 'info',
    ORDERS_PER_BATCH: '50',
  },
});

export const credentials = new Secret({
  metadata: { name: 'credentials', namespace: shop.name },
  stringData: {
    sessionKey: 'not-a-secret-in-an-example',
    paymentToken: 'not-a-secret-either',
    databasePassword: 'nor-is-this-one',
  },
});
