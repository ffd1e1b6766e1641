/** Where a container sees what its control group holds it to. */
export const CGROUPS_AT = '/sys/fs/cgroup';

/** The volume that is mounted there, which no pod can name. */
export const cgroupVolume = (container: string): string => `cgroup/${container}`;
