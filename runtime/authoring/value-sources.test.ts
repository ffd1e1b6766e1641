import { expect, it } from 'vitest';
import { TempProject } from './temp-project.fakes.ts';

/** The mark before a text says which value is written there; `data` of the ConfigMaps has values under any keys. */
const FILES = {
  'values.ts': `
export enum Size { Small = /*enum*/'enum' }
export const { inPattern, deep: { inner = /*patternDefault*/'patternDefault' } } =
  { inPattern: /*pattern*/'pattern', deep: {} as { inner?: string } };
export default { member: /*default*/'default' };
export class Settings {
  static shared = /*static*/'static';
  own = /*property*/'property';
  get got() { return /*getter*/'getter'; }
}
export const pick = (big: boolean): string => (big ? /*branch*/'branch' : 'other');
export const levels = { low: { cpu: /*computedKey*/'computedKey' }, high: { cpu: 'high' } } as const;
export const tuple = ['zero', /*element*/'element'] as const;
export const base = { overridden: 'lost', kept: /*spread*/'spread' };
export const merged = Object.assign({}, base, { more: /*assigned*/'assigned' });
export let loose = 'before';
loose = /*let*/'let';
`,
  'barrel.ts': `export { pick as choose, base as ground } from './values.ts';\nexport * from './values.ts';\n`,
  'data.json': `{ "json": /*json*/"json" }`.replace('/*json*/', ''),
  'app.ts': `
import { ConfigMap } from 'slipway/core/v1';
import values, { inPattern, inner, levels, loose, merged, Settings, Size, tuple } from './values.ts';
import { choose, ground } from './barrel.ts';
import data from './data.json' with { type: 'json' };

const settings = new Settings();
const level: 'low' | 'high' = 'low';
const absent = undefined as string | undefined;
const [first = /*arrayDefault*/'arrayDefault', second] = [undefined, /*arrayPattern*/'arrayPattern'];
export const one = new ConfigMap({
  metadata: { name: 'one' },
  data: {
    a: Size.Small, b: inPattern, c: inner, d: values.member, e: Settings.shared, f: settings.own,
    g: settings.got, h: choose(true), i: levels[level].cpu, j: tuple[1], k: loose, l: data.json,
    m: absent ?? /*nullish*/'nullish', n: level === 'low' ? /*ternary*/'ternary' : 'other',
    o: first, p: second!, ...ground, overridden: /*override*/'override', q: merged.more,
  },
});

const whole = (name: string, all: Record<string, string>) => new ConfigMap({ metadata: { name }, data: all });
export const two = whole('two', { ['r']: /*argument*/'argument' });
export const three = whole('three', Object.freeze({ s: /*frozen*/'frozen' }));

function part(name: string, t = /*parameterDefault*/'parameterDefault', { u, v = /*optionDefault*/'optionDefault' }: { u?: string; v?: string } = {}) {
  return new ConfigMap({ metadata: { name }, data: { t, u: u ?? /*fallback*/'fallback', v } });
}
export const four = part('four');
export const five = part('five', /*second*/'second', { u: /*option*/'option' });

const list: ConfigMap[] = [];
for (const text of [/*loop*/'loop', /*loop2*/'loop2']) list.push(whole(text, { w: text }));
const mapped = [{ name: 'm', text: /*mapped*/'mapped' }].map(({ name, text }) => whole(name, { x: text }));
const entries = Object.entries({ e: /*entry*/'entry' }).map(([name, text]) => whole(name, { y: text }));
const table: Record<string, string> = { t1: /*table*/'table' };
const keyed = Object.keys(table).map((name) => whole(name, { z: table[name]! }));
export const all = [list, mapped, entries, keyed];

class Maker {
  readonly text: string;
  constructor(private readonly label: string, text: string) { this.text = text; }
  make() { return whole('made', { aa: this.label }); }
}
export const made = new Maker(/*constructor*/'constructor', 'x').make();
`,
};

const MARK = /\/\*(\w+)\*\//g;

it('every value is found where it is written, whatever way it goes', async () => {
  const temp = new TempProject(FILES);
  const { resources, findings } = await temp.check();
  expect(findings.map(({ code }) => code)).toEqual(['E_MANIFEST_EXPORT']);
  const written = new Map<string, string>([['json', 'data.json:1:11']]);
  for (const [file, text] of Object.entries(FILES))
    for (const [at, line] of text.split('\n').entries())
      for (const { 0: mark, 1: name, index } of line.matchAll(MARK))
        written.set(name!, `${file}:${at + 1}:${index + mark.length + 1}`);
  const found = new Map<string, string>();
  for (const resource of resources) {
    const { data = {} } = resource.object as { data?: Record<string, string> };
    for (const [key, value] of Object.entries(data)) {
      const { file, line, column } = resource.rangeOf(`data[${key}]`);
      found.set(value, `${file}:${line}:${column}`);
    }
  }
  found.delete('lost');
  expect(Object.fromEntries([...found].sort())).toEqual(Object.fromEntries([...written].sort()));
  await temp.close();
});

it('is that beside the name of the object when several places have the value', async () => {
  const temp = new TempProject({
    'a.ts': `
import { ConfigMap } from 'slipway/core/v1';
const make = (name: string, size: string) => new ConfigMap({ metadata: { name }, data: { size } });
export const a = make('a', '3');
export const b = make('b', '3');
export const more = [{ name: 'c', size: '3' }, { name: 'd', size: '3' }].map(({ name, size }) => make(name, size));
const table = { e: { size: '3' }, f: { size: '3' } };
export const rest = Object.entries(table).map(([name, { size }]) => make(name, size));
export const last = [['g', '3'], ['h', '3']].map(([name, size]) => make(name!, size!));
`,
  });
  const { resources } = await temp.check();
  const places = resources.map((each) => {
    const { line, column } = each.rangeOf('data.size');
    return `${each.object.metadata.name} ${line}:${column}`;
  });
  expect(places).toEqual([
    'a 4:28',
    'b 5:28',
    'c 6:41',
    'd 6:67',
    'e 7:28',
    'f 7:46',
    'g 9:28',
    'h 9:40',
  ]);
  await temp.close();
});

it('stays where it is used when several places have the value', async () => {
  const temp = new TempProject({
    'a.ts': `
import { ConfigMap } from 'slipway/core/v1';
const make = (name: string, size: string) => new ConfigMap({ metadata: { name }, data: { size } });
export const a = make(\`x-\${1}\`, '3');
export const b = make(\`x-\${2}\`, '3');
export const c = make(\`x-\${3}\`, '4');
`,
  });
  const { resources } = await temp.check();
  const places = resources.map((each) => each.rangeOf('data.size'));
  expect(places.map(({ line, column }) => `${line}:${column}`)).toEqual(['3:90', '3:90', '6:33']);
  await temp.close();
});
