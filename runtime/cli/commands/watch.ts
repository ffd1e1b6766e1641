import type { FaultSpec } from '../../../generated/cluster/v1/types.ts';
import { stopwatch, VIRTUAL_EPOCH_MS } from '../../base/index.ts';
import type { ApiAccess, PodAccess } from '../../client/index.ts';
import type { ColourMode } from '../../tui/index.tsx';
import type { Input } from '../commands.ts';
import { deferredWorld } from '../deferred-world.ts';
import { EXIT } from '../exit-codes.ts';
import { folderNamed, type ManifestFolder } from '../folder.ts';
import { farewell, type Interruption, type Io, interruption } from '../io.ts';

interface Options {
  readonly seed?: number;
  readonly tui: boolean;
  readonly color: 'auto' | ColourMode;
  readonly ascii?: boolean;
  readonly readonly?: boolean;
  readonly port?: number;
  readonly kubeconfig?: string;
  readonly fault?: readonly string[];
  readonly podManifestPath?: string;
}

/** `slipway watch`: follow a folder until a signal, on the screen or line by line. */
export async function run(io: Io, { args, options }: Input): Promise<number> {
  const folder = folderNamed(args[0]!, io);
  const chosen = options as unknown as Options;
  return io.isTerminal && chosen.tui
    ? watchOnScreen(io, folder, chosen)
    : watchAsLines(io, folder, chosen);
}

async function watchAsLines(io: Io, folder: ManifestFolder, options: Options): Promise<number> {
  const { seed, port, kubeconfig, fault, podManifestPath } = options;
  const faults = await faultsOf(fault);
  const { followAsLines } = await import('../follow.ts');
  const { promise: refused, reject } = Promise.withResolvers<never>();
  const following = followAsLines(io, {
    ...{ folder, seed, faults, port, kubeconfig, podManifestPath },
    refused: reject,
  });
  try {
    return exitCodeFor(await Promise.race([interruption(io), refused]));
  } finally {
    await farewell(following.close());
  }
}

/** Known before the screen opens, so that a mistake is said where it was made; loaded only where there are some. */
async function faultsOf(texts: readonly string[] | undefined): Promise<readonly FaultSpec[]> {
  return texts ? (await import('../fault-options.ts')).faultsOf(texts) : [];
}

function exitCodeFor(signal: Interruption | undefined): number {
  return signal === 'SIGINT' ? EXIT.interrupted : EXIT.ok;
}

async function watchOnScreen(io: Io, folder: ManifestFolder, options: Options): Promise<number> {
  process.env.NODE_ENV ??= 'production';
  const faults = await faultsOf(options.fault);
  const { coloursOf, prefersAscii, startTui } = await import('../../tui/index.tsx');
  const screen = deferredWorld(VIRTUAL_EPOCH_MS, {
    folder: folder.name,
    phase: 'checking',
    files: 0,
    resources: 0,
    errors: [],
  });
  const tui = startTui(screen.world, {
    colours: options.color === 'auto' ? coloursOf(process.env) : options.color,
    ascii: options.ascii ?? prefersAscii(process.env),
    readonly: options.readonly ?? false,
    stopwatch,
  });
  const failures: unknown[] = [];
  let pods: Promise<PodAccess> | undefined;
  const { promise: refused, resolve: refuse } = Promise.withResolvers<undefined>();
  const opened = open();

  async function open() {
    // Only now, so that the first frame does not wait for compiler and cluster to load.
    const { openLiveSession } = await import('../session.ts');
    const session = openLiveSession({
      folder,
      seed: options.seed,
      faults,
      podManifestPath: options.podManifestPath,
      attached: (live) => screen.attach(live),
      onChange: () => screen.control.tell(),
      onFailure: (error) => failures.push(error),
      serves: {
        port: options.port,
        kubeconfig: options.kubeconfig,
        workingFolder: io.workingFolder,
        opened(access) {
          screen.opened(access);
          pods = reach(access, () => screen.control.tell());
          void pods.then(screen.reached, (error) => failures.push(error));
        },
        refused: (error) => {
          failures.push(error);
          refuse(undefined);
        },
      },
    });
    screen.show(() => session.author.state());
    void session.author.follow(() => screen.control.tell());
    return session;
  }

  const signal = await Promise.race([tui.closed.then(() => undefined), interruption(io), refused]);
  tui.close();
  await tui.closed;
  await pods?.then(
    ({ forwards }) => forwards.close(),
    () => {},
  );
  await farewell(opened.then((session) => session.close()));
  if (failures.length > 0) throw failures[0];
  return exitCodeFor(signal);
}

/** The way to what runs in pods, as whom the kubeconfig says, like any other program. */
async function reach({ kubeconfig: file }: ApiAccess, changed: () => void): Promise<PodAccess> {
  const [{ podAccess }, { accessOf }] = await Promise.all([
    import('../../client/index.ts'),
    import('../kubeconfig-access.ts'),
  ]);
  return podAccess(accessOf({ file, workingFolder: '.' }), changed);
}
