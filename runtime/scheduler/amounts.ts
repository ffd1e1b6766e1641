const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'];

/** An amount as people write it: CPU in whole or thousandths, bytes in the largest unit that leaves at most one decimal. */
export function formatAmount(resource: string, amount: number): string {
  if (resource === 'cpu') return amount % 1000 === 0 ? String(amount / 1000) : `${amount}m`;
  if (
    resource !== 'memory' &&
    resource !== 'ephemeral-storage' &&
    !resource.startsWith('hugepages-')
  )
    return String(amount);
  let value = amount;
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < BINARY.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Math.floor(value * 10) / 10}${BINARY[unit]}`;
}
