/**
 * A folder of static pods, as a kubelet reads one: YAML and JSON files of a Pod or a list of them.
 *
 * `read.ts` makes objects of a file that know where their fields are written, `check.ts` holds them against the schema and asks
 * the API server, `folder.ts` keeps what each file said last without a mistake.
 *
 * Invariant: a file with a mistake changes nothing: its pods stay as they were. A file that goes takes its pods along.
 *
 * Unlike a kubelet, which reads whatever lies in its folder, it takes no file by another ending: not an editor's copies either.
 * For the command line, which hands a cluster what the folder says.
 */
export { openStaticPods, type StaticPodFolder, type StaticPodRead } from './folder.ts';
