import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadSchemas } from '../../generator/load/index.ts';
import { compile, type Schema } from '../../generator/model/index.ts';
import { CELLS } from '../meta/index.ts';

/**
 * What every schema file must keep: texts for people, defaults that are legal, paths that lead somewhere. A failing line
 * names the definition and field.
 */
const set = loadSchemas(fileURLToPath(new URL('../../schemas', import.meta.url)));
const { resolve, schemaAt } = compile(set);

interface Place {
  /** `core/v1.PodSpec.containers` */
  readonly at: string;
  /** `containers`; for a definition its name. */
  readonly name: string;
  readonly schema: Schema;
  readonly isRequired: boolean;
}

const places: readonly Place[] = Object.entries(set.definitions).flatMap(([definition, schema]) => [
  { at: definition, name: definition.split('.').at(-1)!, schema, isRequired: false },
  ...Object.entries(schema.properties ?? {}).map(([name, field]) => ({
    at: `${definition}.${name}`,
    name,
    schema: field,
    isRequired: schema.required?.includes(name) ?? false,
  })),
]);

const failing = (wrong: (place: Place) => boolean): string[] =>
  places.filter(wrong).map(({ at }) => at);

describe('texts', () => {
  it('describes every definition and every field', () => {
    expect(failing(({ schema }) => !schema.description)).toEqual([]);
  });

  it('writes sentences of a length that a tooltip holds', () => {
    const isSentence = /^[A-Z$].*[.]$/s;
    expect(
      failing(
        ({ schema: { description = '' } }) =>
          !isSentence.test(description) || description.length > 320,
      ),
    ).toEqual([]);
  });

  it('uses no text as a filler for fields that have nothing to do with each other', () => {
    const names = new Map<string, Set<string>>();
    for (const { schema, name } of places) {
      const text = schema.description ?? '';
      names.set(text, (names.get(text) ?? new Set()).add(name));
    }
    expect([...names].filter(([, used]) => used.size > 2).map(([text]) => text)).toEqual([]);
  });

  it('tells more at a field than its type does', () => {
    const textOf = (ref: string | undefined): string | undefined =>
      ref && set.definitions[ref]?.description;
    expect(
      failing(
        ({ schema: { ref, items, description } }) => textOf(ref ?? items?.ref) === description,
      ),
    ).toEqual([]);
  });
});

describe('definitions', () => {
  /** Answers and options that no kind mentions. */
  const ROOTS = [
    'authentication/v1.TokenRequest',
    'autoscaling/v1.Scale',
    'meta/v1.APIGroupList',
    'meta/v1.APIResourceList',
    'meta/v1.APIVersions',
    'meta/v1.DeleteOptions',
    'meta/v1.ListMeta',
    'meta/v1.Status',
    'policy/v1.Eviction',
    'meta/v1.WatchEvent',
  ];

  it('are all used', () => {
    const used = new Set<string>();
    const visit = (schema: Schema): void => {
      if (schema.ref && !used.has(schema.ref)) {
        used.add(schema.ref);
        visit(set.definitions[schema.ref]!);
      }
      for (const child of Object.values(schema.properties ?? {})) visit(child);
      for (const child of [schema.items, schema.values]) if (child) visit(child);
    };
    for (const ref of [...ROOTS, ...set.kinds.map(({ schema }) => schema)]) visit({ ref });
    expect(Object.keys(set.definitions).filter((name) => !used.has(name))).toEqual([]);
  });

  it('key their lists by fields that the items have', () => {
    expect(
      failing(({ schema: { items, listMapKeys = [], patchMergeKey } }) => {
        const fields = items && resolve(items).properties;
        const keys = [...listMapKeys, ...(patchMergeKey ? [patchMergeKey] : [])];
        return keys.some((key) => !fields?.[key]);
      }),
    ).toEqual([]);
  });

  it('keep a list of scalars from repeating only as a set', () => {
    expect(
      failing(({ schema: { items, listType } }) => {
        const type = items && resolve(items).type;
        return listType === 'map' ? type !== 'object' : listType === 'set' && type === 'object';
      }),
    ).toEqual([]);
  });
});

describe('defaults', () => {
  /** The zero value that a required field is written with: it stands for an absent one and may be illegal. */
  const isZero = ({ schema: { default: value }, isRequired }: Place): boolean =>
    isRequired && (value === '' || value === 0);

  it('are legal values of their own schema', () => {
    const problems = places
      .filter((place) => place.schema.default !== undefined && !isZero(place))
      .flatMap(({ at, schema: { default: value, ...schema } }) => {
        const root = 'test/v1.Holder';
        const holder: Schema = { type: 'object', properties: { field: schema } };
        const interpreter = compile({
          ...set,
          definitions: { ...set.definitions, [root]: holder },
        });
        const admitted = interpreter.admit(root, { field: value });
        const isStruct = resolve(schema).properties !== undefined;
        const found = isStruct ? [] : interpreter.validate(root, admitted.value);
        return [...admitted.problems, ...found].map(({ message }) => `${at}: ${message}`);
      });
    expect(problems).toEqual([]);
  });

  it('let an empty text through where it is the default', () => {
    expect(
      failing(({ schema }) => {
        const { default: value, minLength, enum: allowed } = schema;
        return value === '' && minLength !== 0 && !allowed?.includes('');
      }),
    ).toEqual([]);
  });
});

describe('kinds', () => {
  const pathsOf = (path: string): (string | number)[] =>
    path
      .replace(/^\./, '')
      .split('.')
      .flatMap((step) => (step.endsWith('[*]') ? [step.slice(0, -3), 0] : [step]));

  it.each(set.kinds.map((kind) => [kind.schema, kind] as const))(
    '%s names paths that exist',
    (_, kind) => {
      const { goal, subresources, deletionGrace, printerColumns } = kind;
      const paths = [
        ...kind.selectableFields,
        ...kind.generationFields,
        ...printerColumns.flatMap(({ path }) => path ?? []),
        ...[goal?.want, goal?.have, deletionGrace?.path].filter((path) => path !== undefined),
        ...(goal?.checks ?? []).flatMap(({ equal = [], path, unless }) => [
          ...equal,
          ...[path, unless?.path].filter((each) => each !== undefined),
        ]),
        ...Object.values(subresources.scale ?? {}),
      ];
      expect(paths.filter((path) => !schemaAt(kind.schema, pathsOf(path)))).toEqual([]);
    },
  );

  it('print columns by a path or a cell that exists, and every cell is printed', () => {
    const columns = set.kinds.flatMap(({ printerColumns }) => printerColumns);
    expect(
      columns.filter(({ path, value }) => (path === undefined) === (value === undefined)),
    ).toEqual([]);
    const named = new Set(columns.flatMap(({ value }) => value ?? []));
    expect([...named].sort()).toEqual(Object.keys(CELLS).sort());
  });

  it('have columns if they can be listed, each with a text', () => {
    const listed = set.kinds.filter(({ verbs }) => verbs.includes('list'));
    expect(listed.filter(({ printerColumns }) => printerColumns.length === 0)).toEqual([]);
    expect(
      listed.flatMap(({ kind, printerColumns }) =>
        printerColumns
          .filter(({ description }) => !description)
          .map(({ name }) => `${kind} ${name}`),
      ),
    ).toEqual([]);
  });

  it('are called as kubectl calls them', () => {
    const names = set.kinds.map(({ group, plural, singular, shortNames, categories }) =>
      [`${plural}${group && `.${group}`}`, singular, ...shortNames, ...categories].join(' '),
    );
    expect(names).toMatchInlineSnapshot(`
      [
        "bindings binding",
        "componentstatuses componentstatus cs",
        "configmaps configmap cm",
        "endpoints endpoints ep",
        "events event ev",
        "limitranges limitrange limits",
        "namespaces namespace ns",
        "nodes node no",
        "persistentvolumes persistentvolume pv",
        "persistentvolumeclaims persistentvolumeclaim pvc",
        "pods pod po all",
        "podtemplates podtemplate",
        "replicationcontrollers replicationcontroller rc all",
        "resourcequotas resourcequota quota",
        "secrets secret",
        "services service svc all",
        "serviceaccounts serviceaccount sa",
        "mutatingadmissionpolicies.admissionregistration.k8s.io mutatingadmissionpolicy api-extensions",
        "mutatingadmissionpolicybindings.admissionregistration.k8s.io mutatingadmissionpolicybinding api-extensions",
        "mutatingwebhookconfigurations.admissionregistration.k8s.io mutatingwebhookconfiguration api-extensions",
        "validatingadmissionpolicies.admissionregistration.k8s.io validatingadmissionpolicy api-extensions",
        "validatingadmissionpolicybindings.admissionregistration.k8s.io validatingadmissionpolicybinding api-extensions",
        "validatingwebhookconfigurations.admissionregistration.k8s.io validatingwebhookconfiguration api-extensions",
        "customresourcedefinitions.apiextensions.k8s.io customresourcedefinition crd crds api-extensions",
        "apiservices.apiregistration.k8s.io apiservice api-extensions",
        "controllerrevisions.apps controllerrevision",
        "daemonsets.apps daemonset ds all",
        "deployments.apps deployment deploy all",
        "replicasets.apps replicaset rs all",
        "statefulsets.apps statefulset sts all",
        "selfsubjectreviews.authentication.k8s.io selfsubjectreview",
        "tokenreviews.authentication.k8s.io tokenreview",
        "localsubjectaccessreviews.authorization.k8s.io localsubjectaccessreview",
        "selfsubjectaccessreviews.authorization.k8s.io selfsubjectaccessreview",
        "selfsubjectrulesreviews.authorization.k8s.io selfsubjectrulesreview",
        "subjectaccessreviews.authorization.k8s.io subjectaccessreview",
        "horizontalpodautoscalers.autoscaling horizontalpodautoscaler hpa all",
        "horizontalpodautoscalers.autoscaling horizontalpodautoscaler hpa all",
        "cronjobs.batch cronjob cj all",
        "jobs.batch job all",
        "certificatesigningrequests.certificates.k8s.io certificatesigningrequest csr",
        "behaviours.cluster.slipway.dev behaviour",
        "clusters.cluster.slipway.dev cluster",
        "faults.cluster.slipway.dev fault",
        "leases.coordination.k8s.io lease",
        "endpointslices.discovery.k8s.io endpointslice",
        "events.events.k8s.io event ev",
        "flowschemas.flowcontrol.apiserver.k8s.io flowschema",
        "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io prioritylevelconfiguration",
        "kubeproxyconfigurations.kubeproxy.config.k8s.io kubeproxyconfiguration",
        "kubeschedulerconfigurations.kubescheduler.config.k8s.io kubeschedulerconfiguration",
        "nodes.metrics.k8s.io ",
        "pods.metrics.k8s.io ",
        "ipaddresses.networking.k8s.io ipaddress ip",
        "ingresses.networking.k8s.io ingress ing",
        "ingressclasses.networking.k8s.io ingressclass",
        "networkpolicies.networking.k8s.io networkpolicy netpol",
        "servicecidrs.networking.k8s.io servicecidr",
        "runtimeclasses.node.k8s.io runtimeclass",
        "poddisruptionbudgets.policy poddisruptionbudget pdb",
        "clusterroles.rbac.authorization.k8s.io clusterrole",
        "clusterrolebindings.rbac.authorization.k8s.io clusterrolebinding",
        "roles.rbac.authorization.k8s.io role",
        "rolebindings.rbac.authorization.k8s.io rolebinding",
        "deviceclasses.resource.k8s.io deviceclass",
        "resourceclaims.resource.k8s.io resourceclaim",
        "resourceclaimtemplates.resource.k8s.io resourceclaimtemplate",
        "resourceslices.resource.k8s.io resourceslice",
        "priorityclasses.scheduling.k8s.io priorityclass pc",
        "csidrivers.storage.k8s.io csidriver",
        "csinodes.storage.k8s.io csinode",
        "csistoragecapacities.storage.k8s.io csistoragecapacity",
        "storageclasses.storage.k8s.io storageclass sc",
        "volumeattachments.storage.k8s.io volumeattachment",
        "volumeattributesclasses.storage.k8s.io volumeattributesclass vac",
      ]
    `);
  });
});
