/**
 * Typed references between resources, so that a manifest says each name once.
 */
interface Named {
  readonly metadata: { readonly name?: string; readonly namespace?: string };
}

/** `{ name }`, as local references are written. */
export function refTo(resource: Named): { readonly name: string } {
  return { name: resource.metadata.name ?? '' };
}

/** All entries of a ConfigMap as environment variables. */
export function envFromConfig(config: Named): {
  readonly configMapRef: { readonly name: string };
} {
  return { configMapRef: refTo(config) };
}

/** All entries of a Secret as environment variables. */
export function envFromSecret(secret: Named): { readonly secretRef: { readonly name: string } } {
  return { secretRef: refTo(secret) };
}

/** One key of a ConfigMap; a key that it does not have is a compile error. */
export function configKey<Data>(
  config: Named & { readonly data?: Data },
  key: keyof Data & string,
): { readonly configMapKeyRef: { readonly name: string; readonly key: string } } {
  return { configMapKeyRef: { ...refTo(config), key } };
}

/** One key of a Secret; a key that it does not have is a compile error. */
export function secretKey<Data, Texts>(
  secret: Named & { readonly data?: Data; readonly stringData?: Texts },
  key: (keyof Data | keyof Texts) & string,
): { readonly secretKeyRef: { readonly name: string; readonly key: string } } {
  return { secretKeyRef: { ...refTo(secret), key } };
}

interface Workload extends Named {
  readonly spec?: {
    readonly template?: {
      readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
    };
  };
}

/** The labels of a workload's pods: what a Service's selector must say to reach them. */
export function podLabels(workload: Workload): Readonly<Record<string, string>> {
  return workload.spec?.template?.metadata?.labels ?? {};
}

/** The name under which other pods reach a Service, `web.shop.svc.cluster.local`. */
export function dnsName(service: Named): string {
  const { name = '', namespace = 'default' } = service.metadata;
  return `${name}.${namespace}.svc.cluster.local`;
}

/** A named port of a Service, as an Ingress sends to it. */
export function serviceBackend(
  service: Named,
  port: string,
): { readonly service: { readonly name: string; readonly port: { readonly name: string } } } {
  return { service: { ...refTo(service), port: { name: port } } };
}

interface Typed extends Named {
  readonly apiVersion: string;
  readonly kind: string;
}

/** A resource by kind and name, as an autoscaler names what it scales. */
export function targetRef(resource: Typed): {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
} {
  const { apiVersion, kind } = resource;
  return { apiVersion, kind, ...refTo(resource) };
}
