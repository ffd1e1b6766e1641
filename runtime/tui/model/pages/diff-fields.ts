import type { KubeObject } from '../../../meta/index.ts';

/** One leaf of an object, as each side has it. */
export interface Field {
  /** `spec.template.spec.containers[0].image`, in the manifest where it has the field. */
  readonly path: string;
  /** The same with names for numbers: `spec.template.spec.containers[web].image` */
  readonly label: string;
  readonly manifest: unknown;
  readonly store: unknown;
  /** What the status says under the same name. */
  readonly status: unknown;
  /** Managers that own the field. */
  readonly by: readonly string[];
}

/** A manager's set of fields, or a part of it: `f:spec`, `k:{"name":"web"}`. */
type FieldSet = Readonly<Record<string, unknown>>;

interface Place {
  readonly path: string;
  readonly label: string;
  readonly manifest: unknown;
  readonly store: unknown;
  readonly status: unknown;
  readonly owners: readonly { readonly manager: string; readonly set: FieldSet }[];
}

interface WithManagedFields {
  readonly managedFields?: readonly { readonly manager?: string; readonly fieldsV1?: unknown }[];
}

/** What nobody writes by hand, or what the other columns are about. */
const LEFT_OUT = new Set(['apiVersion', 'kind', 'metadata', 'status']);

/** Every leaf of manifest and store, then what only the status says. */
export function comparedFields(
  manifest: KubeObject | undefined,
  object: KubeObject,
): readonly Field[] {
  const { status = {}, spec = {} } = object as { status?: object; spec?: object };
  const owners = ((object.metadata as WithManagedFields).managedFields ?? []).map((each) => ({
    manager: each.manager ?? '',
    set: (each.fieldsV1 ?? {}) as FieldSet,
  }));
  const root: Place = {
    path: '',
    label: '',
    manifest: manifest ?? {},
    store: object,
    status: {},
    owners,
  };
  const metadata = child(root, 'metadata', undefined);
  const fields = [
    ...['labels', 'annotations'].flatMap((name) => leaves(child(metadata, name, undefined))),
    ...names(root)
      .filter((name) => !LEFT_OUT.has(name))
      .flatMap((name) => leaves(child(root, name, name === 'spec' ? status : undefined))),
  ];
  return [...fields, ...statusOnly(status, spec)];
}

function leaves(place: Place): Field[] {
  const { path, label, manifest, store, status, owners } = place;
  if (Array.isArray(store) || Array.isArray(manifest)) return items(place).flatMap(leaves);
  if (isMap(store) || isMap(manifest))
    return names(place).flatMap((name) => leaves(child(place, name, statusOf(status, name))));
  if (store === undefined && manifest === undefined) return [];
  const by = [...new Set(owners.map(({ manager }) => manager))];
  return [{ path, label, manifest, store, status: isMap(status) ? undefined : status, by }];
}

function names({ manifest, store }: Place): string[] {
  const keys = [
    ...Object.keys(isMap(manifest) ? manifest : {}),
    ...Object.keys(isMap(store) ? store : {}),
  ];
  return [...new Set(keys)];
}

function child(place: Place, name: string, status: unknown): Place {
  const { path, label, manifest, store, owners } = place;
  return {
    path: path === '' ? name : `${path}.${name}`,
    label: label === '' ? name : `${label}.${name}`,
    manifest: isMap(manifest) ? manifest[name] : undefined,
    store: isMap(store) ? store[name] : undefined,
    status,
    owners: owners.flatMap(({ manager, set }) => {
      const below = set[`f:${name}`];
      return below === undefined ? [] : [{ manager, set: below as FieldSet }];
    }),
  };
}

/** `containers` of the spec are answered by `containerStatuses`, anything else by its own name. */
function statusOf(status: unknown, name: string): unknown {
  if (!isMap(status)) return undefined;
  return status[name] ?? status[`${name.replace(/s$/, '')}Statuses`];
}

/** The items of a list, those of the manifest beside those of the store that they are by name, or else by place. */
function items(place: Place): Place[] {
  const stored = Array.isArray(place.store) ? (place.store as unknown[]) : [];
  const written = Array.isArray(place.manifest) ? (place.manifest as unknown[]) : [];
  const statuses = Array.isArray(place.status) ? (place.status as unknown[]) : [];
  const found = stored.map((store, at): Place => {
    const manifest = nameOf(store) === undefined ? written[at] : twinOf(store, written);
    const status = nameOf(store) === undefined ? undefined : twinOf(store, statuses);
    return {
      ...place,
      path: `${place.path}[${manifest === undefined ? at : written.indexOf(manifest)}]`,
      label: `${place.label}[${nameOf(store) ?? at}]`,
      manifest,
      store,
      status,
      owners: ownersOf(store, place),
    };
  });
  const missing = written.filter((each) => !found.some(({ manifest }) => manifest === each));
  return [
    ...found,
    ...missing.map((manifest): Place => {
      const at = written.indexOf(manifest);
      return {
        ...place,
        path: `${place.path}[${at}]`,
        label: `${place.label}[${nameOf(manifest) ?? at}]`,
        manifest,
        store: undefined,
        status: undefined,
        owners: [],
      };
    }),
  ];
}

function nameOf(item: unknown): unknown {
  return isMap(item) ? item.name : undefined;
}

function twinOf(item: unknown, others: readonly unknown[]): unknown {
  return others.find((each) => nameOf(each) === nameOf(item));
}

/** Managers' sets below a list's item: by its keys, by its value, or, in a list that is owned whole, the list's own. */
function ownersOf(item: unknown, { owners }: Place): Place['owners'] {
  return owners.flatMap(({ manager, set }) => {
    const entries = Object.entries(set);
    if (entries.length === 0) return [{ manager, set }];
    const found = entries.find(([key]) => key.startsWith('k:') && hasKeys(item, key.slice(2)));
    if (found) return [{ manager, set: found[1] as FieldSet }];
    return `v:${JSON.stringify(item)}` in set ? [{ manager, set: {} }] : [];
  });
}

function hasKeys(item: unknown, json: string): boolean {
  const wanted = JSON.parse(json) as Record<string, unknown>;
  return isMap(item) && Object.entries(wanted).every(([key, value]) => item[key] === value);
}

/** Numbers and words that the status has and the spec does not. */
function statusOnly(status: object, spec: object): Field[] {
  return Object.entries(status)
    .filter(([name, value]) => !(name in spec) && (typeof value !== 'object' || value === null))
    .map(([name, value]) => ({
      path: `status.${name}`,
      label: `status.${name}`,
      manifest: undefined,
      store: undefined,
      status: value as unknown,
      by: [],
    }));
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
