/**
 * Admission policies: conditions and changes in CEL, written as objects of the API.
 *
 * A policy says which requests it is for and what it checks or changes; a binding puts it in force, with parameters. Policies are
 * found by the resources that their rules name, bindings by their policy: a request costs nothing while nothing is bound.
 *
 * Invariant: evaluating changes nothing and depends on nothing but the request and what is stored.
 *
 * Left out: audit annotations and the action Audit, since there is no audit log;
 * reinvocation; the object of a request by another version than the policy's is seen in the request's, not converted.
 */
export { mutatingAdmissionPolicy } from './mutating.ts';
export { validatingAdmissionPolicy } from './validating.ts';
