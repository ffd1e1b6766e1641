/**
 * CEL, the language of rules and policies, with the functions that Kubernetes adds to it (`k8s.io/apiserver/pkg/cel/library`).
 *
 * The language itself is a library's. Whoever evaluates expressions (the rules of built-in schemas here; those of custom
 * resources, and admission policies, in the API server) takes an environment from here and declares variables and types in it.
 *
 * Invariant: pure; an expression sees the variables that it is given and nothing else, neither time nor chance. Of Kubernetes'
 * functions those for semantic versions and named formats are left out, and of addresses and URLs what is inside them.
 */
export { celEnvironment } from './environment.ts';
