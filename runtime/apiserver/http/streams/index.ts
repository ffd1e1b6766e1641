/**
 * Connections to what runs in pods: `exec`, `attach` and `portforward` over WebSocket.
 *
 * `UpgradeHandler` takes requests that want their connection upgraded, lets in who may, and agrees on a protocol; whatever is wrong up to
 * there is answered as any request is. `channel.k8s.io` in its versions, binary or in base64, carries several streams in one connection (`channels.ts`): commands
 * (`command.ts`), the output of a container (`attach.ts`), and ports (`ports.ts`). kubectl forwards ports by SPDY/3.1 within
 * WebSocket messages (`tunnel.ts`, `spdy/`). A log can be read message by message (`log-socket.ts`).
 *
 * Invariant: what the process or the port answers is the kubelets' word (`NodeConnection`), never this folder's; time is the cluster's, and is
 * looked at as it goes by. Messages, streams and connections are bounded, and a client that has gone is noticed.
 *
 * Left out: SPDY as an upgrade of HTTP itself, which clients of today ask for only where WebSocket is refused; sizes of terminals.
 */
export { isDoor, UpgradeHandler, type UpgradeOptions } from './upgrade.ts';
