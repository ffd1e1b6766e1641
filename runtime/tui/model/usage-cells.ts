import type { KubeObject } from '../../meta/index.ts';
import type { Looking, ObjectColumn } from './columns.ts';

type Figure = (object: KubeObject, looking: Looking) => number | undefined;

/** From here on a share of what is bounded is worth a look, and worth a fright. Percent. */
const HIGH = 70;
const CRITICAL = 90;
const MEBIBYTE = 2 ** 20;

/** What nobody has measured, or a share of nothing. */
const UNKNOWN = 'n/a';

/** Processor time as `kubectl top` writes it. */
export const milliText = (cpuMilli: number): string => `${cpuMilli}m`;
/** Memory as `kubectl top` writes it. */
export const bytesText = (bytes: number): string => `${Math.floor(bytes / MEBIBYTE)}Mi`;

/** A column of amounts, sorted by them. */
export function amountColumn(
  name: string,
  rank: number,
  text: (amount: number) => string,
  amount: Figure,
): ObjectColumn {
  return {
    column: { name, align: 'right', optional: true, expendable: rank },
    cell: (object, looking) => {
      const found = amount(object, looking);
      return found === undefined ? UNKNOWN : text(found);
    },
    size: amount,
  };
}

/** A column of whole percents: how much of something is used. */
export function shareColumn(
  name: string,
  rank: number,
  {
    used,
    of,
    isBounded,
  }: { readonly used: Figure; readonly of: Figure; readonly isBounded: boolean },
): ObjectColumn {
  const percent: Figure = (object, looking) => {
    const [part, whole] = [used(object, looking), of(object, looking)];
    return part === undefined || !whole ? undefined : Math.floor((part / whole) * 100);
  };
  return {
    ...amountColumn(name, rank, String, percent),
    ...(isBounded
      ? {
          tone: (object, looking) => {
            const share = percent(object, looking) ?? 0;
            if (share >= CRITICAL) return 'error';
            return share >= HIGH ? 'pending' : undefined;
          },
        }
      : {}),
  };
}
