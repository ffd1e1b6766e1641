import { agnhost } from './agnhost/index.ts';
import type { ImageProgram } from './images.ts';
import type { Program } from './process.ts';

/** Files of images that are made from Alpine Linux. */
export const ALPINE_FILES: Readonly<Record<string, string>> = {
  '/etc/os-release':
    'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.21.3\nPRETTY_NAME="Alpine Linux v3.21"\n',
};

/** Says as whom it runs; its file belongs to root and lets everybody be root, where that is let. */
const nonewprivs: Program = ({ out, machine: { facts } }) => {
  out(`Effective uid: ${facts.privileges.noNewPrivs ? facts.uid : 0}\n`);
  return 0;
};

/** A web server with a picture, and a file that says which. */
const pictured = (name: string): ImageProgram => ({
  entrypoint: ['/agnhost'],
  arguments: ['test-webserver'],
  programs: { '/agnhost': agnhost, agnhost },
  files: {
    ...ALPINE_FILES,
    '/data.json': `{\n  "image": "${name}.jpg"\n}\n`,
    [`/${name}.jpg`]: 'A picture.\n',
  },
});

/** Images that tests of Kubernetes run, beside agnhost itself. */
export const TEST_IMAGES: Readonly<Record<string, ImageProgram>> = {
  kitten: pictured('kitten'),
  nautilus: pictured('nautilus'),
  nonroot: { entrypoint: [], arguments: ['id', '-u'], programs: {}, user: 1234 },
  nonewprivs: { entrypoint: ['/nnp'], arguments: [], programs: { '/nnp': nonewprivs } },
};
