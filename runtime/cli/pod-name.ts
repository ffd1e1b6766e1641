import { CommandError, EXIT } from './exit-codes.ts';

const LISTED_MAX = 10;

/**
 * The key of the pod that somebody means: its name or how it begins, with or without its namespace, and with or without
 * `pod/` in front. A whole name wins over the beginning of another.
 */
export function podNamed(text: string, keys: readonly string[]): string {
  const wanted = text.replace(/^pods?\//, '');
  const nameOf = (key: string): string => (wanted.includes('/') ? key : key.split('/')[1]!);
  const exact = keys.filter((key) => nameOf(key) === wanted);
  const found = exact.length > 0 ? exact : keys.filter((key) => nameOf(key).startsWith(wanted));
  if (found.length === 1) return found[0]!;
  if (found.length > 1)
    throw new CommandError(
      `${text} may be any of ${listed(found)}`,
      EXIT.failed,
      'say more of the name',
    );
  const help = keys.length > 0 ? `there are ${listed(keys)}` : 'the cluster has no pods';
  throw new CommandError(`there is no pod ${text}`, EXIT.failed, help);
}

function listed(keys: readonly string[]): string {
  const more = keys.length - LISTED_MAX;
  return `${keys.slice(0, LISTED_MAX).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
