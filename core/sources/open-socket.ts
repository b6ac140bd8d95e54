import { connect as connectTcp, isIP, type OnReadOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { createWebSocketStream, WebSocket } from 'ws';
import type { BrokerAddress } from './broker-address.ts';

/** What a MQTT packet can be at most (§2.2.3): a WebSocket frame holds one or more of them. */
const MAX_PACKET_BYTES = 268_435_460;

/** PEM texts. */
export interface TlsFiles {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

/** Takes the bytes a socket receives: straight into `space()`, then `received` says how many came. */
export interface ByteSink {
  space(): Buffer;
  received(count: number): void;
}

export interface OpenSocket {
  readonly stream: Duplex;
  /**
   * True when pausing the stream stops reading at once: only then may it be paused for milliseconds to let messages
   * gather. (A WebSocket, and any stream that hands out chunks, would go on filling its own buffer and crawl.)
   */
  readonly restable: boolean;
}

/** Opens the connection to the broker; bytes go to `sink`. Throws on certificates or keys that cannot be used. */
export function openSocket(address: BrokerAddress, files: TlsFiles, sink: ByteSink): OpenSocket {
  const { host, port } = address;
  const onread = {
    // Asked again after every read: the next bytes are put straight behind an incomplete packet.
    buffer: () => sink.space(),
    callback: (count: number) => {
      sink.received(count);
      return true;
    },
  };
  switch (address.carrier) {
    case 'tcp': {
      const stream = connectTcp({ host, port, onread, noDelay: true });
      return { stream, restable: true };
    }
    case 'tls': {
      const servername = isIP(host) === 0 ? host : undefined;
      const options: ConnectionOptions & { onread: OnReadOpts } = {
        host,
        port,
        servername,
        ...files,
        onread,
      };
      const stream = connectTls(options);
      stream.setNoDelay(true);
      return { stream, restable: true };
    }
    case 'ws':
    case 'wss':
      return { stream: openWebSocket(address, files, sink), restable: false };
  }
}

function openWebSocket(address: BrokerAddress, files: TlsFiles, sink: ByteSink): Duplex {
  const host = isIP(address.host) === 6 ? `[${address.host}]` : address.host;
  const url = `${address.carrier}://${host}:${address.port}${address.path}`;
  const socket = new WebSocket(url, ['mqtt'], { ...files, perMessageDeflate: false, maxPayload: MAX_PACKET_BYTES });
  const stream = createWebSocketStream(socket);
  socket.on('open', () => stream.emit('connect'));
  stream.on('data', (chunk: Buffer) => {
    for (let at = 0; at < chunk.length; ) {
      const copied = chunk.copy(sink.space(), 0, at);
      sink.received(copied);
      at += copied;
    }
  });
  return stream;
}
