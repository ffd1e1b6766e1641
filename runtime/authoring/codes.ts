/** Every mistake of an author that has a name: what it means and the way out when the finding knows no better one. */
export const CODES = {
  E_MANIFEST_FOLDER: {
    meaning: 'The folder of manifests does not exist or cannot be read.',
    help: 'name an existing folder, or make a new project with: slipway init',
  },
  E_MANIFEST_EMPTY: {
    meaning: 'The folder holds no manifest.',
    help: 'export a resource from a .ts file, or make a new project with: slipway init',
  },
  E_MANIFEST_READ: {
    meaning: 'A file or folder cannot be read.',
    help: 'check its permissions',
  },
  E_MANIFEST_TOO_LARGE: {
    meaning: 'The manifests are larger than what is taken.',
    help: 'move what is no manifest out of the folder, or split it',
  },
  E_MANIFEST_UNCHECKED: {
    meaning: 'The manifests are so large that types are not checked.',
    help: 'the schemas hold all of them all the same; make data smaller with a loop',
  },
  E_MANIFEST_TSCONFIG: {
    meaning: 'The tsconfig.json of the folder has a mistake.',
    help: 'mend it, or remove it to use the defaults',
  },
  E_MANIFEST_PARSE: {
    meaning: 'A file is not TypeScript.',
    help: 'mend the syntax at the mark',
  },
  E_MANIFEST_NESTED: {
    meaning: 'A file is nested deeper than the compiler can follow.',
    help: 'take the inner part out into constants, or build it with a loop',
  },
  E_MANIFEST_IMPORT: {
    meaning: 'An import leads nowhere.',
    help: 'check the path, or install the package',
  },
  E_MANIFEST_TYPE: {
    meaning: 'A value has another type than its place wants.',
    help: 'write a value of the wanted type',
  },
  E_MANIFEST_UNKNOWN_FIELD: {
    meaning: 'The schema has no such field.',
    help: 'remove it',
  },
  E_MANIFEST_REQUIRED: {
    meaning: 'A field that must be there is not.',
    help: 'add it',
  },
  E_MANIFEST_ENUM: {
    meaning: 'The value is none of those that the field takes.',
    help: 'write one of them',
  },
  E_MANIFEST_QUANTITY: {
    meaning: 'The value is no amount as Kubernetes writes it.',
    help: 'write a number with a unit, such as 500m, 1.5Gi or 2',
  },
  E_MANIFEST_VALUE: {
    meaning: 'The value breaks a rule of its field.',
    help: 'write a value that keeps it',
  },
  E_MANIFEST_FORBIDDEN: {
    meaning: 'The field may not be set here.',
    help: 'remove it',
  },
  E_MANIFEST_DUPLICATE_ITEM: {
    meaning: 'Two items of a list have the same key.',
    help: 'give each its own',
  },
  E_MANIFEST_JSON: {
    meaning: 'The value cannot be written as JSON.',
    help: 'write a text, number, boolean, list or object',
  },
  E_MANIFEST_NAME: {
    meaning: 'A resource has no name.',
    help: 'set metadata.name, or metadata.generateName to have one made up',
  },
  E_MANIFEST_KIND: {
    meaning: 'No such kind is served.',
    help: 'check apiVersion and kind',
  },
  E_MANIFEST_DUPLICATE: {
    meaning: 'Two exports are the same object of the cluster.',
    help: 'rename one, or export it once',
  },
  E_MANIFEST_EXPORT: {
    meaning: 'Something exported by default, or in a list of resources, is no resource.',
    help: 'export a resource, a list of resources or a promise of them',
  },
  E_MANIFEST_THROWS: {
    meaning: 'Evaluating a manifest throws.',
    help: 'mend it at the mark',
  },
  E_MANIFEST_ENDLESS: {
    meaning: 'Evaluating the manifests takes longer than it may.',
    help: 'a manifest has to come to an end: bound the loop',
  },
  E_MANIFEST_UNSETTLED: {
    meaning: 'A manifest awaits a promise that never settles.',
    help: 'resolve or reject the promise',
  },
  E_MANIFEST_EXIT: {
    meaning: 'A manifest ends the process.',
    help: 'throw an error instead',
  },
  E_MANIFEST_MEMORY: {
    meaning: 'Evaluating the manifests takes more memory than it may.',
    help: 'a manifest has to be finite: bound what it builds',
  },
  E_MANIFEST_REFUSED: {
    meaning: 'The server refuses the object.',
    help: 'see what it says',
  },
  E_MANIFEST_YAML: {
    meaning: 'A file of static pods is no YAML.',
    help: 'mend the syntax at the mark',
  },
  E_MANIFEST_STATIC_POD: {
    meaning: 'A file of static pods holds something else.',
    help: 'write a Pod or a PodList, or move the file out of the folder',
  },
  E_MANIFEST_TAKEN: {
    meaning:
      'Somebody else also sets the field: the manifest wins, now and with every save that changes it.',
    help: 'leave the field out of the manifest to leave it to them',
  },
  E_OUTCOME_UNSCHEDULABLE: {
    meaning: 'No node takes the pod.',
    help: 'see each node with: slipway why',
  },
  E_OUTCOME_QUOTA: {
    meaning: 'A quota does not let the object make what it needs.',
    help: 'ask for less, or raise the quota',
  },
  E_OUTCOME_REFUSED: {
    meaning: 'The server refuses the pods that the object makes.',
    help: 'see what it says',
  },
  E_OUTCOME_CONTAINER: {
    meaning: 'A container does not run, or does not get ready.',
    help: 'see its events and log: kubectl describe pod, kubectl logs; what containers do is in their Behaviour',
  },
  E_OUTCOME_VOLUME: {
    meaning: 'A volume of a pod cannot be set up.',
    help: 'make what it refers to, or mark it as optional',
  },
  E_OUTCOME_CUT_SHORT: {
    meaning: 'Rehearsing what the manifests come to takes more work than a check does.',
    help: 'converge all of it with: slipway run',
  },
  E_OUTCOME_FAILED: {
    meaning: 'A Job has failed.',
    help: 'see its pods and their log: kubectl describe job, kubectl logs; what containers do is in their Behaviour',
  },
  E_OUTCOME_ROUTE: {
    meaning: 'Traffic for a Service or an Ingress leads nowhere.',
    help: 'name what is there, or make what is named',
  },
  E_OUTCOME_WAITING: {
    meaning: 'An object is not at its goal.',
    help: 'see what it waits for: slipway watch, then <enter> on the object',
  },
  E_OUTCOME_BUDGET: {
    meaning: 'A disruption budget does not let a pod be evicted.',
    help: 'let the budget spare one, or run one more',
  },
} as const satisfies Record<string, { readonly meaning: string; readonly help: string }>;

export type Code = keyof typeof CODES;
