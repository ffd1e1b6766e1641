import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../cli/commands.ts';

/** What the README shows is what happens: its test is run here as it stands, its table of commands held against ours. */
const root = new URL('../../', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');

const example = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)]
  .map(([, code = '']) => code)
  .find((code) => code.includes("'slipway/testing'"));

const folder = new URL('.cache/readme/', root);
mkdirSync(folder, { recursive: true });
const file = fileURLToPath(new URL('example.ts', folder));
writeFileSync(file, example ?? "throw new Error('the README has no example of a test');");

describe('the README', async () => {
  await import(/* @vite-ignore */ file);

  it('names every command that there is', () => {
    const named = [...readme.matchAll(/^\| `slipway (\w+)/gm)].map(([, name]) => name);
    expect(named).toEqual(COMMANDS.map(({ name }) => name));
  });
});
