#!/usr/bin/env node
// Parsed by whatever Node is there, so nothing newer than Node 14's syntax, and everything else comes after the question.
const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];

if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`slipway needs Node 22.18 or newer; this is ${process.version}\n`);
  process.exitCode = 2;
} else {
  import('./main.ts').then(({ main }) => main(process.argv.slice(2)));
}

export {};
