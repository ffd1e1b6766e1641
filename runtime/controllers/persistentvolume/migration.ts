/** In-tree provisioners, and the drivers that do their work now. */
const DRIVERS: Readonly<Record<string, string>> = {
  'kubernetes.io/aws-ebs': 'ebs.csi.aws.com',
  'kubernetes.io/azure-disk': 'disk.csi.azure.com',
  'kubernetes.io/azure-file': 'file.csi.azure.com',
  'kubernetes.io/cinder': 'cinder.csi.openstack.org',
  'kubernetes.io/gce-pd': 'pd.csi.storage.gke.io',
  'kubernetes.io/portworx-volume': 'pxd.portworx.com',
  'kubernetes.io/vsphere-volume': 'csi.vsphere.vmware.com',
};

/** The driver that has taken over from an in-tree plugin, if one has. */
export const driverFor = (provisioner: string): string | undefined => DRIVERS[provisioner];

/** Whether a provisioner would be part of Kubernetes itself. */
export const isInTree = (provisioner: string): boolean => provisioner.startsWith('kubernetes.io/');
