import type { ServedAnswer, Server } from '../machine.ts';
import type { Program } from '../process.ts';
import { flagsOf } from './mounttest.ts';

const NAME = /^SERVE_(?:(TCP|UDP|TLS|SCTP)_)?PORT_(\d+)$/;

/** Serves at the ports that its environment names what that says: `SERVE_PORT_80`, `SERVE_UDP_PORT_81`, and the like. */
export const porter: Program = function* (task) {
  const isJson = flagsOf(task.argv.slice(2))['json-response'] === 'true';
  for (const [name, value] of task.env) {
    const [, kind = 'TCP', port] = NAME.exec(name) ?? [];
    if (port !== undefined) task.machine.listen(serverOf(kind, Number(port), value, isJson));
  }
  yield { untilMs: Number.POSITIVE_INFINITY };
  return 0;
};

function serverOf(kind: string, port: number, value: string, isJson: boolean): Server {
  const answer = ({ method }: { readonly method: string }): ServedAnswer =>
    isJson
      ? {
          status: 200,
          contentType: 'application/json',
          body: JSON.stringify({ Method: method, Body: value }),
        }
      : { status: 200, body: value };
  if (kind !== 'UDP' && kind !== 'SCTP') return { port, answer };
  return { port, protocol: kind, answer, receive: () => value };
}
