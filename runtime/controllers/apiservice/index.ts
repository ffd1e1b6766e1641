/**
 * Keeps APIServices: two controllers of kube-aggregator. Registration makes one for every group version that custom resources are
 * served in, and takes it away with the last of them (key: the APIService's name). Availability says in the condition `Available` whether
 * a service answers for its group version, looking again with every change of the service or its endpoints, and every 30 seconds.
 *
 * What is said of a service is decided in `decide.ts`, a pure function. One that somebody else registered is left alone. Left out: those of
 * built-in group versions, which the API server registers when it starts.
 */
export { createAvailabilityController } from './availability.ts';
export { createRegistrationController } from './registration.ts';
