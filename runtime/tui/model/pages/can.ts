import type { Glyphs } from '../../theme.ts';
import { type Grant, grantsOf, whoOf } from '../access.ts';
import { type Column, type Listing, listingOf, type Row } from '../listing.ts';
import type { PageView } from '../view.ts';
import type { World } from '../world.ts';

const VERBS = ['get', 'list', 'watch', 'create', 'patch', 'update', 'delete', 'deletecollection'];
const HEADS: Readonly<Record<string, string>> = { deletecollection: 'DEL-LIST' };

const COLUMNS: readonly Column[] = [
  { name: 'NAMESPACE' },
  { name: 'RESOURCE', cap: 40 },
  { name: 'API-GROUP', cap: 28, expendable: 3 },
  ...VERBS.map((verb): Column => ({ name: HEADS[verb] ?? verb.toUpperCase() })),
  { name: 'EXTRAS', cap: 30, expendable: 1 },
  { name: 'BINDING', flexible: true, expendable: 2 },
];

/** What role bindings let somebody do: a row a resource, a column a verb. */
export function canListing(view: PageView, world: World, glyphs: Glyphs): Listing {
  const { key = '' } = view.subject ?? {};
  const who = whoOf(key);
  const rows = (who ? grantsOf(who, world) : []).map((grant) => grantRow(grant, glyphs));
  return listingOf(`what ${key} may do`, COLUMNS, rows, view);
}

function grantRow(grant: Grant, { ok }: Glyphs): Row {
  const { namespace, group, resource, names, verbs, by } = grant;
  const has = (verb: string): boolean => verbs.has('*') || verbs.has(verb);
  const named = names.length > 0 ? `: ${names.join(' ')}` : '';
  return {
    key: `${namespace} ${group} ${resource} ${names.join(',')}`,
    cells: [
      namespace || '*',
      `${resource}${named}`,
      group,
      ...VERBS.map((verb) => (has(verb) ? ok : '·')),
      [...verbs].filter((verb) => !VERBS.includes(verb)).join(','),
      by.join(', '),
    ],
    tone: 'normal',
    detail: `${resource}${named}: ${[...verbs].join(', ')}, by ${by.join(', ')}`,
  };
}
