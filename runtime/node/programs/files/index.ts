/**
 * The files of simulated containers: volumes that hold entries by path, and what a container sees of them at its mounts.
 *
 * A `Volume` is plain data that is written in place while a pod is replayed; a `FileSystem` resolves paths, follows links and looks at
 * permissions. Contents are bytes, one a character. Left out: hard links, devices, quotas and extended attributes.
 */
export { FileSystem, type Identity, type Mount } from './file-system.ts';
export { baseName, directoryName, joined } from './paths.ts';
export { FileProblem } from './problem.ts';
export { type Entries, type Entry, Volume } from './volume.ts';
