/**
 * The programs that call others over the network, and what they say to it.
 *
 * `calls.ts` is the contract: a program makes a call and waits until its answer is in the ticket. `asking.ts` is what all of them do,
 * above all to find an address for a name by the files of their container. The rest are the programs themselves.
 *
 * Invariant: what a program does follows from its files and the answers; who answers is not known here. Left out: connections that stay
 * open, encryption (what is said over TLS is simply carried), and programs that listen by a script (`nc -l`).
 */
import type { Table } from '../commands/options.ts';
import { curl } from './curl.ts';
import { dig, getent, nslookup, ping } from './lookups.ts';
import { nc } from './netcat.ts';
import { wget } from './wget.ts';

export const NETWORK_COMMANDS: Table = { curl, wget, nc, netcat: nc, dig, nslookup, getent, ping };
