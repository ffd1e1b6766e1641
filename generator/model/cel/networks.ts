import { isIP } from 'node:net';
import type { Environment } from '@marcbachmann/cel-js';

/** What tells addresses, their blocks and URLs from other texts. */
export function addNetworks(environment: Environment): void {
  environment.registerFunction('isIP(string): bool', (text: string) => isIP(text) !== 0);
  environment.registerFunction('isCIDR(string): bool', (text: string) => isCidr(text));
  environment.registerFunction('isURL(string): bool', (text: string) => URL.canParse(text));
}

function isCidr(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  const family = isIP(address);
  const most = family === 4 ? 32 : 128;
  return family !== 0 && rest.length === 0 && /^\d+$/.test(bits) && Number(bits) <= most;
}
