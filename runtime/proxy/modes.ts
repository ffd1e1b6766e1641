import type { Emitter } from './emitter.ts';
import { iptablesEmitter } from './iptables/index.ts';
import { ipvsEmitter } from './ipvs/index.ts';
import type { ProxyMode } from './model/index.ts';
import { nftablesEmitter } from './nftables/index.ts';
import { userspaceEmitter } from './userspace/index.ts';
import { winUserspaceEmitter } from './winuserspace/index.ts';

/** The modes that rules can be made for. */
export const EMITTERS: Readonly<Partial<Record<ProxyMode, Emitter>>> = {
  iptables: iptablesEmitter,
  ipvs: ipvsEmitter,
  nftables: nftablesEmitter,
  userspace: userspaceEmitter,
  winuserspace: winUserspaceEmitter,
};
