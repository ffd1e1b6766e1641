/**
 * Manifests: from a folder of TypeScript files to resources and findings, each with its place in the text.
 *
 * A check lists the folder and reads what has changed, asks the compiler, runs the manifests in a thread that is thrown
 * away, and holds what they export against the schemas. Manifests run instrumented: each object literal notes where it
 * stands, so that a field of a resource leads back to the text through helpers, constants, spreads and other files. All
 * mistakes of a save come out together, each once; a mistake of types does not hide what the schemas say.
 *
 * The parts, in the order of a check: `source-files` (the folder), `compiler` (one long-lived language service),
 * `transform` and `instrument` (TypeScript to JavaScript that keeps its books), `job`, `evaluator` and `worker` (the
 * thread and its bounds; `origins`, `harvest` and `writer` live there), `positions` (fields to places), `resources` and
 * `schema-findings` (schemas to words), `defined-kinds` (kinds that the folder's own definitions add), `merge`, `frame` (words to what
 * an author sees). `codes` is the catalogue.
 *
 * `Author` follows a folder and brings it into a cluster, one save at a time: `watch` and `coalesce` (when to look), `plan`
 * (what is new, changed, gone), `rehearse` (dry run), `perform` (apply, retry, prune), `awaited` (what will work later).
 * `outcomes` says what became of what was applied, at the line that caused it.
 *
 * `static-pods` reads the folders of YAML and JSON that kubelets run pods from.
 *
 * A save with errors, found here or by the server, changes nothing: the last good state stays.
 *
 * Invariant: an author's mistake is a finding, never an exception, and nothing that a manifest does stops or changes the
 * host: it is bounded in time and memory, and its objects arrive as copies.
 *
 * Who may call: the command line and the cluster's composition root. Left out: making the cluster that an
 * `Author` saves to, and its clock; whoever composes them hands in a `SaveTarget`.
 */
export {
  Author,
  type AuthorOptions,
  type Save,
  type SaveDetail,
  type SaveTarget,
} from './author.ts';
export { CODES, type Code } from './codes.ts';
export type {
  CheckResult,
  Finding,
  ManifestResource,
  Project,
  ProjectOptions,
  Related,
  SourceRange,
  SourceTexts,
} from './contract.ts';
export { type Explained, withDefinitions } from './explained-kinds.ts';
export { formatFinding, formatFindings } from './frame.ts';
export {
  findingForEviction,
  type OutcomeSources,
  outcomes,
  rehearsedOutcomes,
} from './outcomes/index.ts';
export { inApplyOrder } from './plan.ts';
export { openProject } from './project.ts';
export { errorsOf } from './save-state.ts';
export { openStaticPods, type StaticPodFolder, type StaticPodRead } from './static-pods/index.ts';
export { findingForStatus } from './status-findings.ts';
export { type FolderWatch, watchFolder } from './watch.ts';
