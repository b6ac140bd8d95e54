import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface ReceivedMail {
  readonly to: string;
  readonly messageId: string;
  readonly text: string;
}

export interface MailReceiver {
  readonly port: number;
  readonly mails: ReceivedMail[];
  close(): Promise<void>;
}

/** A real SMTP server on a free port of 127.0.0.1 that keeps what it is given. */
export async function startMailReceiver(options: SMTPServerOptions = {}, port = 0): Promise<MailReceiver> {
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    disableReverseLookup: true,
    onData(stream, session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const messageId = /^Message-ID: <(.*)>\r?$/im.exec(text)?.[1] ?? '';
        for (const { address } of session.envelope.rcptTo) mails.push({ to: address, messageId, text });
        callback();
      });
    },
    ...options,
  });
  // Clients that are killed reset their connections.
  server.on('error', () => {});
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  const { port: bound } = server.server.address() as AddressInfo;
  return {
    port: bound,
    mails,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

export interface ReceivedPost {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface WebReceiver {
  readonly url: string;
  readonly posts: ReceivedPost[];
  close(): Promise<void>;
}

/** What the server answers to a request; none = it never answers. */
export type Answer = { readonly status: number; readonly headers?: Record<string, string> } | undefined;

/** A real HTTP server on a free port of 127.0.0.1 that keeps what it is given. */
export async function startWebReceiver(answer: (post: ReceivedPost, nth: number) => Answer): Promise<WebReceiver> {
  const posts: ReceivedPost[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      // The client was killed: it sends it again.
      return;
    }
    const post = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() };
    posts.push(post);
    const given = answer(post, posts.length);
    if (given) response.writeHead(given.status, given.headers).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    posts,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
