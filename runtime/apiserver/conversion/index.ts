/**
 * One object, several versions. A kind's schema may name a `storageVersion`: then its objects are those of that version of the
 * kind, and this folder stands between them and whoever speaks the other one.
 *
 * `conversion.ts` says what a conversion is and knows those whose fields differ, one folder or file a kind; versions whose fields
 * are the same need no code at all. `served-version.ts` makes the kind under which requests for such a version are answered;
 * `through.ts` brings their bodies in and their answers out; `version-view.ts` shows a cache through a version.
 *
 * Invariant: everything behind this folder (strategies, admission, storage, indexes, events) sees objects in the storage version
 * only, and a request for the storage version does not come here. A converted object is made once for every stored one, so that it
 * is the same for everybody who looks.
 *
 * Upstream keeps the fields of each manager in the version that it wrote; here they are the stored object's. Where versions
 * name their fields alike, a manager's entry says the version that it spoke; else it says the storage version, whose fields it shows.
 */
export type { Conversion } from './conversion.ts';
export { type ServedVersion, seenAs, serveVersion } from './served-version.ts';
export { through } from './through.ts';
export { type CacheView, viewOf } from './version-view.ts';
