import { invalid, type Problem } from '../../strategies/problem.ts';

export type Level = 'privileged' | 'baseline' | 'restricted';

/** A level as of a minor version of Kubernetes; `latest` is newer than all. */
export interface LevelVersion {
  readonly level: Level;
  readonly minor: number | 'latest';
}

export interface Policy {
  readonly enforce: LevelVersion;
  readonly audit: LevelVersion;
  readonly warn: LevelVersion;
}

type Mode = keyof Policy;

const PREFIX = 'pod-security.kubernetes.io/';
const LEVELS: readonly Level[] = ['privileged', 'baseline', 'restricted'];
const OPEN: LevelVersion = { level: 'privileged', minor: 'latest' };

/** What a namespace without labels asks for. */
const DEFAULT: Policy = { enforce: OPEN, audit: OPEN, warn: OPEN };

/** What labels ask for, and what is wrong with them. */
export interface ReadPolicy {
  readonly policy: Policy;
  readonly problems: readonly Problem[];
}

const NOTHING_SAID: ReadPolicy = { policy: DEFAULT, problems: [] };
const known = new WeakMap<object, ReadPolicy>();

/** The policy of a namespace with these labels, remembered by identity. */
export function policyOf(labels: Readonly<Record<string, string>> | undefined): ReadPolicy {
  if (!labels) return NOTHING_SAID;
  let found = known.get(labels);
  if (!found) {
    found = read(labels);
    known.set(labels, found);
  }
  return found;
}

/** `baseline:v1.30` */
export function levelText({ level, minor }: LevelVersion): string {
  return `${level}:${minor === 'latest' ? minor : `v1.${minor}`}`;
}

/** More than 0 where `a` is the stricter level. */
export const compareLevels = (a: Level, b: Level): number => LEVELS.indexOf(a) - LEVELS.indexOf(b);

function read(labels: Readonly<Record<string, string>>): ReadPolicy {
  const problems: Problem[] = [];
  const enforce = modeOf('enforce', labels, problems);
  const audit = modeOf('audit', labels, problems);
  const warn = modeOf('warn', labels, problems);
  if (labels[`${PREFIX}warn`] !== undefined || !isLevel(labels[`${PREFIX}enforce`]))
    return { policy: { enforce, audit, warn }, problems };
  // Who enforces and says nothing of warnings is warned at the same level.
  const isStricter = compareLevels(enforce.level, warn.level) > 0;
  const hasVersion = labels[`${PREFIX}warn-version`] !== undefined;
  const level = isStricter ? enforce.level : warn.level;
  const minor = isStricter && !hasVersion ? enforce.minor : warn.minor;
  return { policy: { enforce, audit, warn: { level, minor } }, problems };
}

const isLevel = (text: string | undefined): text is Level => LEVELS.includes(text as Level);

/** What cannot be understood counts as the strictest when it is enforced, and as nothing otherwise. */
function modeOf(
  mode: Mode,
  labels: Readonly<Record<string, string>>,
  problems: Problem[],
): LevelVersion {
  const said = labels[PREFIX + mode];
  const version = labels[`${PREFIX}${mode}-version`];
  let { level, minor } = DEFAULT[mode];
  if (isLevel(said)) level = said;
  else if (said !== undefined) {
    level = mode === 'enforce' ? 'restricted' : 'privileged';
    problems.push(invalid(fieldOf(mode), said, `must be one of ${LEVELS.join(', ')}`));
  }
  const [, digits] = /^v1\.(0|[1-9]\d*)$/.exec(version ?? '') ?? [];
  if (digits !== undefined) minor = Number(digits);
  else if (version !== undefined && version !== 'latest')
    problems.push(invalid(fieldOf(`${mode}-version`), version, 'must be "latest" or "v1.x"'));
  return { level, minor };
}

const fieldOf = (label: string): string => `metadata.labels[${PREFIX}${label}]`;
