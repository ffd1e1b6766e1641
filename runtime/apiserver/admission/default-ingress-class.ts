import type { Ingress } from '../../../generated/networking/v1/types.ts';
import type { KubeObject } from '../../meta/index.ts';
import { newest } from './newest.ts';
import type { AdmissionPlugin } from './plugin.ts';

const CLASSES = 'ingressclasses.networking.k8s.io';
/** By which Ingresses named their class before there was a field. */
const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/** Gives an Ingress that names no class the default one: of several, the newest. */
export const defaultIngressClass: AdmissionPlugin = {
  name: 'DefaultIngressClass',
  resource: 'ingresses.networking.k8s.io',
  mutate({ operation, object }, core) {
    const ingress = object as KubeObject & Ingress;
    const isNamed =
      ingress.spec?.ingressClassName !== undefined ||
      ingress.metadata.annotations?.[CLASS_ANNOTATION] !== undefined;
    if (operation !== 'CREATE' || isNamed) return object;
    const found = newest(core.byIndex(CLASSES, 'default', 'true'));
    if (!found) return object;
    const spec = { ...ingress.spec, ingressClassName: found.metadata.name };
    return { ...ingress, spec } as KubeObject;
  },
};
