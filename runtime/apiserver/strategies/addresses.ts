import { isIPv4, isIPv6 } from 'node:net';

export const isIPv4Address = (text: string): boolean => isIPv4(text);
export const isIPv6Address = (text: string): boolean => isIPv6(text) && !text.includes('%');

/** Why an address cannot be one that traffic is sent to: it means nobody, the machine itself, or the neighbours on a link. */
export function specialAddress(address: string): string | undefined {
  const isSpecial = isIPv4(address) ? SPECIAL_IPV4 : SPECIAL_IPV6;
  const text = address.toLowerCase();
  return isSpecial.find(([is]) => is(text))?.[1].replace('%s', address);
}

type Special = readonly [is: (address: string) => boolean, message: string];

const UNSPECIFIED = 'may not be unspecified (%s)';
const LOOPBACK = 'may not be in the loopback range (127.0.0.0/8, ::1/128)';
const LINK_LOCAL = 'may not be in the link-local range (169.254.0.0/16, fe80::/10)';
const MULTICAST = 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)';

const SPECIAL_IPV4: readonly Special[] = [
  [(address) => address === '0.0.0.0', UNSPECIFIED],
  [(address) => address.startsWith('127.'), LOOPBACK],
  [(address) => address.startsWith('169.254.'), LINK_LOCAL],
  [(address) => address.startsWith('224.0.0.'), MULTICAST],
];

const SPECIAL_IPV6: readonly Special[] = [
  [(address) => /^[0:]+$/.test(address), UNSPECIFIED],
  [(address) => /^(0{1,4}:|:)*:?0{0,3}1$/.test(address), LOOPBACK],
  [(address) => /^fe[89ab].:/.test(address), LINK_LOCAL],
  [(address) => /^ff.2:/.test(address), MULTICAST],
];
