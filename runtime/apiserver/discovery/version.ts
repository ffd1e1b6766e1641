import { type KubernetesVersion, minorOf } from '../../../generator/model/index.ts';

/** Since when the answer says which version is emulated. */
const EMULATION_SINCE = 33;

/** What `/version` answers. It is the version of Kubernetes whose behaviour is modelled; nothing was built from its sources. */
export function versionInfo(version: KubernetesVersion): Readonly<Record<string, string>> {
  const [major = '', minor = ''] = version.split('.');
  const emulation = {
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Number(minor) - 1),
  };
  return {
    major,
    minor,
    ...(minorOf(version) >= EMULATION_SINCE ? emulation : {}),
    gitVersion: `v${version}.0`,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: '',
    compiler: '',
    platform: `${process.platform}/${PLATFORMS[process.arch] ?? process.arch}`,
  };
}

/** Node's names of processors as Go has them. */
const PLATFORMS: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };
