import { isIP } from 'node:net';

/** A kernel that runs scripts of the ipvs mode, strictly: what it does not know, or what the kernel would refuse, throws. */
export class IpvsKernel {
  readonly addresses = new Set<string>();
  readonly sets = new Map<string, { type: string; entries: Set<string> }>();
  /** Virtual servers with their options; real servers with their weight. */
  readonly servers = new Map<string, { options: string; reals: Map<string, number> }>();
  iptables = '';
  #device = false;

  run(script: string): void {
    const lines = script.split('\n');
    for (let at = 0; at < lines.length - 1; at++) {
      const command = /^(.*) <<'EOF'$/.exec(lines[at]!)?.[1];
      if (command === undefined) throw new Error(`not understood: ${lines[at]}`);
      const end = lines.indexOf('EOF', at);
      const text = lines.slice(at + 1, end);
      at = end;
      if (/^ip6?tables-restore --noflush$/.test(command)) this.#restore(text);
      else for (const line of text) this.#line(command, line);
    }
  }

  /** Sorted; real servers that are on their way out are left out, jumps from the kernel's own chains too. */
  dump(): string {
    const lines = [...this.addresses].map((address) => `address ${address}`);
    for (const [name, { type, entries }] of this.sets)
      lines.push(`set ${name} ${type}`, ...[...entries].map((entry) => `entry ${name} ${entry}`));
    for (const [service, { options, reals }] of this.servers) {
      lines.push(`server ${service} ${options}`);
      for (const [real, weight] of reals)
        if (weight > 0) lines.push(`real ${service} ${real} ${weight}`);
    }
    return `${lines.sort().join('\n')}\n${this.iptables}`;
  }

  #line(command: string, line: string): void {
    const fail = (why: string): never => {
      throw new Error(`${command}: ${line}: ${why}`);
    };
    if (/^ip( -6)? -force -batch -$/.test(command)) this.#ip(line, fail);
    else if (command === 'ipset restore -exist') this.#ipset(line, fail);
    else if (command === 'ipvsadm --restore') this.#ipvsadm(line, fail);
    else fail('no such command');
  }

  #ip(line: string, fail: (why: string) => never): void {
    if (line === 'link add kube-ipvs0 type dummy') {
      this.#device = true;
      return;
    }
    const match = /^address (add|del) (\S+)\/(32|128) dev kube-ipvs0$/.exec(line);
    const [, verb, address = '', bits] = match ?? fail('not understood');
    if (!this.#device) fail('no device');
    if (isIP(address) !== (bits === '32' ? 4 : 6)) fail('no such address');
    if (verb === 'add') {
      if (this.addresses.has(address)) fail('it is there');
      this.addresses.add(address);
    } else if (!this.addresses.delete(address)) fail('it is not there');
  }

  #ipset(line: string, fail: (why: string) => never): void {
    const [, verb, name = '', rest = ''] =
      /^(create|add|del) (KUBE-\S+) (.+)$/.exec(line) ?? fail('not understood');
    if (name.length > 31) fail('the name is too long');
    if (verb === 'create') {
      const type =
        /^(bitmap:port) range 0-65535$|^(hash:\S+) family (inet6?) hashsize 1024 maxelem 65536$/.exec(
          rest,
        );
      if (!type) fail('not understood');
      this.sets.set(name, {
        type: `${type![1] ?? type![2]} ${type![3] ?? ''}`,
        entries: new Set(),
      });
      return;
    }
    const set = this.sets.get(name) ?? fail('no such set');
    if (!fits(rest, set.type)) fail(`no entry of ${set.type}`);
    if (verb === 'add') {
      if (set.entries.has(rest)) fail('it is there');
      set.entries.add(rest);
    } else if (!set.entries.delete(rest)) fail('it is not there');
  }

  #ipvsadm(line: string, fail: (why: string) => never): void {
    const match = /^-([AEDaed]) ((?:-t|-u|--sctp-service) \S+:\d+)(?: (.*))?$/.exec(line);
    const [, verb, service = '', rest = ''] = match ?? fail('not understood');
    const server = this.servers.get(service);
    if (verb === 'A' || verb === 'E') {
      if (!/^-s [a-z]+( -p \d+( -M 128)?)?( -b mh-port)?$/.test(rest)) fail('options');
      if ((server === undefined) !== (verb === 'A')) fail('it is there, or not');
      this.servers.set(service, { options: rest, reals: server?.reals ?? new Map() });
    } else if (verb === 'D') {
      if (!this.servers.delete(service) || rest !== '') fail('it is not there');
    } else {
      const [, real = '', more] =
        /^-r (\S+:\d+)( -m -w [01])?$/.exec(rest) ?? fail('not understood');
      const { reals } = server ?? fail('no such server');
      if (reals.has(real) !== (verb !== 'a')) fail('the real server is there, or not');
      if ((more === undefined) !== (verb === 'd')) fail('weight');
      if (verb === 'd') reals.delete(real);
      else reals.set(real, Number(more!.at(-1)));
    }
  }

  #restore(text: readonly string[]): void {
    for (const line of text) {
      const set = / --match-set (\S+) /.exec(line)?.[1];
      if (set !== undefined && !this.sets.has(set)) throw new Error(`${line}: no such set`);
    }
    const builtIn = /^-A (INPUT|OUTPUT|FORWARD|PREROUTING|POSTROUTING) /;
    this.iptables = text.filter((line) => !builtIn.test(line)).join('\n');
  }
}

function fits(entry: string, type: string): boolean {
  const [kind = '', family] = type.split(' ');
  const version = family === 'inet6' ? 6 : 4;
  const parts = entry.split(',');
  const kinds = kind.slice(kind.indexOf(':') + 1).split(',');
  if (kind === 'bitmap:port') return /^\d+$/.test(entry);
  return (
    parts.length === kinds.length &&
    parts.every((part, at) => {
      if (kinds[at] === 'ip') return isIP(part) === version;
      if (kinds[at] === 'port') return /^(tcp|udp|sctp):\d+$/.test(part);
      const [address = '', bits] = part.split('/');
      return isIP(address) === version && Number(bits) > 0;
    })
  );
}
