import { stopwatch, wallClock, yieldToEventLoop } from '../base/index.ts';
import type { Client, ManifestState, SourcePosition } from '../client/index.ts';
import { ApiError } from '../meta/index.ts';
import type { CheckResult, Finding, ManifestResource, Project } from './contract.ts';
import { perform } from './perform.ts';
import { type Change, idOf, type Plan, planSave } from './plan.ts';
import { type Refusal, rehearse } from './rehearse.ts';
import { type Changed, errorsOf, initialManifestState, unexpected } from './save-state.ts';
import { findingForStatus, findingsForTaken } from './status-findings.ts';
import { type FolderWatch, watchFolder } from './watch.ts';

/** Real time of uninterrupted work before keys and frames get their turn. */
const BREATH_MS = 12;

/** What the journal keeps of a save. */
export interface SaveDetail extends Changed {
  /** Over everything that the manifests say. */
  readonly contentHash: string;
}

/** The cluster that saves go to, as its owner hands it out. */
export interface SaveTarget {
  /** For dry runs: nothing that goes through it is stored. */
  readonly client: Client;
  /** Notes the save and gives the client whose writes name it as their cause. */
  begin(save: SaveDetail): Client;
  /** Lets the cluster work before what could not work yet is tried the next time; false: no use in trying again. */
  letWork(attempt: number): Promise<boolean>;
  /**
   * A copy of the cluster, on which a plan is tried that a dry run cannot judge, as a namespace and what lives in it come
   * together. Undefined when there can be none at this moment; absent where a half-applied save does no harm.
   */
  copy?(): Promise<Pick<SaveTarget, 'client' | 'letWork'> | undefined>;
}

export interface AuthorOptions {
  readonly project: Project;
  /** How the folder is called on the screen. */
  readonly folderName: string;
  /** Asked once, with the first look at the folder that has no errors. */
  target(first: CheckResult): Promise<SaveTarget>;
  /** The state has changed. */
  onChange?(): void;
  /** Something outside an author's power: a full table of file watches, a bug. */
  onFailure?(error: unknown): void;
}

/** What came of one look at the folder. */
export interface Save {
  readonly check: CheckResult;
  /** The check's findings and the server's refusals. */
  readonly findings: readonly Finding[];
  /** Present when everything was applied. */
  readonly changed?: Changed;
}

/**
 * Brings a folder of manifests into a cluster and keeps it there. One save at a time; a save with errors, found here or by
 * the server's dry run, leaves the cluster as it is.
 */
export class Author {
  readonly #options: AuthorOptions;
  readonly #applied = new Map<string, Change>();
  #state: ManifestState;
  #target: SaveTarget | undefined;
  #watch: FolderWatch | undefined;
  #running: Promise<void> | undefined;
  #dirty = false;
  #closed = false;
  #taken: readonly Finding[] = [];

  constructor(options: AuthorOptions) {
    this.#options = options;
    this.#state = initialManifestState(options.folderName);
  }

  state(): ManifestState {
    return this.#state;
  }

  /** Whether something changed that no save has looked at yet. */
  get waiting(): boolean {
    return this.#dirty;
  }

  /** Whether a save is under way or waits for its turn. */
  get busy(): boolean {
    return this.#dirty || this.#running !== undefined;
  }

  /** Fields that the last save with changes took from others: a warning each. */
  get taken(): readonly Finding[] {
    return this.#taken;
  }

  /** Where the manifest of an applied object is; `resource` as in `deployments.apps`. */
  sourceOf(resource: string, key: string): SourcePosition | undefined {
    const range = this.manifestOf(resource, key)?.range;
    return range && { file: range.file, line: range.line, column: range.column };
  }

  /** What was applied under a name; `resource` as in `deployments.apps`. */
  manifestOf(resource: string, key: string): ManifestResource | undefined {
    return this.#applied.get(`${resource}/${key}`)?.resource;
  }

  /** Looks at the folder once and applies it; `saved` hears of every save from here on. Ends when the first one is through. */
  async follow(saved: (save: Save) => void): Promise<void> {
    this.#watch = watchFolder(
      this.#options.project.folder,
      () => this.#changed(saved),
      (error) => this.#options.onFailure?.(error),
    );
    await this.#watch.ready;
    this.#changed(saved);
    await this.#running;
  }

  /** Stops following; a save that is under way ends at its next step. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#watch?.close();
    await this.#running;
    await this.#options.project.close();
  }

  /** One save: check, plan, dry run, apply. `check` spares the first step when it has just been done. */
  async save(check?: CheckResult): Promise<Save> {
    this.#set({ phase: 'checking', savedAtWallMs: wallClock.now() });
    const found = check ?? (await this.#options.project.check());
    this.#set({ files: found.files.length });
    if (found.findings.some(isError)) return this.#failed(found, found.findings, 0);
    this.#set({ phase: 'applying' });
    const elapsed = stopwatch();
    this.#target ??= await this.#options.target(found);
    const plan = planSave(found.resources, this.#applied);
    const { refusals, taken = [] } = await this.#apply(plan, this.#target);
    const findings = [
      ...found.findings,
      ...taken,
      ...refusals.flatMap((each) => this.#findingsOf(each)),
    ];
    if (refusals.length > 0) return this.#failed(found, findings, elapsed());
    return this.#succeeded({ check: found, findings }, plan, elapsed());
  }

  async #apply(plan: Plan, target: SaveTarget): Promise<Applied> {
    const breathe = breather();
    const rest = { breathe, superseded: () => this.#dirty || this.#closed };
    if (plan.changes.length === 0 && plan.pruned.length === 0) {
      for (const change of plan.unchanged) this.#applied.set(change.id, change);
      return { refusals: [] };
    }
    const { refusals, taken, unsure } = await rehearse(plan, target.client, breathe);
    if (refusals.length > 0) return { refusals };
    const copy = unsure ? await target.copy?.() : undefined;
    if (copy) {
      const applied = new Map(this.#applied);
      const refused = await perform(plan, copy.client, { ...rest, ...copy, applied });
      if (refused.length > 0) return { refusals: refused };
    }
    const client = target.begin({ contentHash: plan.contentHash, ...changedBy(plan) });
    const letWork = (attempt: number): Promise<boolean> => target.letWork(attempt);
    return {
      refusals: await perform(plan, client, { ...rest, letWork, applied: this.#applied }),
      taken: taken.flatMap(({ resource, status }) => findingsForTaken(resource, status)),
    };
  }

  /** What the server said, at the place in the manifest that it is about. */
  #findingsOf({ resource, status }: Refusal): Finding[] {
    const before = this.#applied.get(idOf(resource))?.resource.object;
    return findingForStatus(resource, new ApiError(status), before);
  }

  #changed(saved: (save: Save) => void): void {
    this.#dirty = true;
    this.#running ??= this.#work(saved);
  }

  async #work(saved: (save: Save) => void): Promise<void> {
    while (this.#dirty && !this.#closed) {
      this.#dirty = false;
      try {
        saved(await this.save());
      } catch (error) {
        this.#set({ phase: 'failed', errors: [unexpected(error)] });
        this.#options.onFailure?.(error);
      }
    }
    this.#running = undefined;
    this.#options.onChange?.();
  }

  #failed(check: CheckResult, findings: readonly Finding[], applyMs: number): Save {
    this.#set({
      phase: 'failed',
      resources: this.#applied.size,
      timings: { ...check.timings, applyMs },
      errors: errorsOf(findings.filter(isError), this.#options.project, this.#applied.size > 0),
    });
    return { check, findings };
  }

  #succeeded({ check, findings }: Save, plan: Plan, applyMs: number): Save {
    const changed = changedBy(plan);
    if (plan.changes.length > 0)
      this.#taken = findings.filter(({ code }) => code === 'E_MANIFEST_TAKEN');
    this.#set({
      phase: 'idle',
      resources: this.#applied.size,
      changed,
      timings: { ...check.timings, applyMs },
      errors: [],
    });
    return { check, findings, changed };
  }

  #set(change: Partial<ManifestState>): void {
    this.#state = { ...this.#state, ...change };
    this.#options.onChange?.();
  }
}

/** What came of applying a plan. */
interface Applied {
  readonly refusals: readonly Refusal[];
  /** Fields that were taken from others, as warnings. */
  readonly taken?: readonly Finding[];
}

function isError({ severity }: Finding): boolean {
  return severity === 'error';
}

function changedBy({ changes, created, pruned }: Plan): Changed {
  return {
    created: created.size,
    updated: changes.length - created.size,
    pruned: pruned.length,
  };
}

/** A function that gives the rest of the process its turn now and then. */
function breather(): () => Promise<void> {
  let elapsed = stopwatch();
  return async () => {
    if (elapsed() < BREATH_MS) return;
    await yieldToEventLoop();
    elapsed = stopwatch();
  };
}
