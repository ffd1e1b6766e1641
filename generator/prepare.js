// Runs on any Node, which the build does not.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major > 22 || (major === 22 && minor >= 18)) await import('./prepare.ts');
else {
  console.error(`building slipway needs Node 22.18 or newer; this is ${process.version}`);
  process.exitCode = 1;
}
