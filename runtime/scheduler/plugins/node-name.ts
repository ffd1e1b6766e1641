import { clusterEvents, type LocalPlugin } from '../framework.ts';

/**
 * A pod that names its node goes there without being scheduled, so the scheduler never sees one; the plugin stands for
 * its place in profiles.
 */
export const nodeName: LocalPlugin = {
  kind: 'local',
  name: 'NodeName',
  events: clusterEvents.nodeAdded,
};
