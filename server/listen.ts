import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RoomError } from '../core/protocol/errors.ts';

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** True: this port or none. */
  readonly portAsked: boolean;
}

const PORTS_TRIED = 50;

/**
 * Listens and returns the port. A taken port is passed over for the next free one unless it was asked for; then the
 * promise rejects with a RoomError `port-in-use`.
 */
export async function listen(server: Server, { host, port, portAsked }: ListenOptions): Promise<number> {
  const last = portAsked ? port : Math.min(port + PORTS_TRIED - 1, 65_535);
  for (let candidate = port; candidate <= last; candidate++) {
    try {
      return await listenOn(server, host, candidate);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'EADDRINUSE') throw cannotListen(host, candidate, code ?? String(error));
    }
  }
  throw new RoomError(
    'port-in-use',
    portAsked
      ? `Port ${port} is taken by another program. Choose another with --port N, or leave --port out to get a free one.`
      : `Ports ${port} to ${last} are all taken. Choose another with --port N.`,
  );
}

function listenOn(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function cannotListen(host: string, port: number, code: string): RoomError {
  switch (code) {
    case 'EACCES':
      return new RoomError('port', `Port ${port} needs more rights than this program has. Choose one above 1023.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new RoomError('host', `${host} is not an address of this machine. Check --host.`);
    default:
      return new RoomError('port', `Cannot listen on ${host} port ${port} (${code}).`);
  }
}
