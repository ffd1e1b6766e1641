/** An init container that keeps running beside the others: Kubernetes calls it a sidecar. */
export function isSidecar(container: { readonly restartPolicy?: string }): boolean {
  return container.restartPolicy === 'Always';
}
