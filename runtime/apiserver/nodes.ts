import type { KubeObject } from '../meta/index.ts';

export interface LoggedLine {
  readonly atMs: number;
  readonly text: string;
}

/** What the server asks the kubelets on behalf of clients. */
export interface NodeConnection {
  log(
    pod: KubeObject,
    question: { readonly container?: string | undefined; readonly previous?: boolean },
  ):
    | { readonly lines: readonly LoggedLine[]; readonly isOver: boolean }
    | { readonly wrong: string };
}

/** Of a cluster without nodes. */
export const NO_NODES: NodeConnection = {
  log: () => ({ wrong: 'there is no node that could be asked' }),
};
