import { isIP } from 'node:net';
import { createTransport } from 'nodemailer';
import type { DeliveryRow, Outcome, Send } from './delivery-row.ts';
import type { MailServer } from './delivery-settings.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const ANSWER_TIMEOUT_MS = 30_000;
const CONNECTIONS = 2;

/** What nodemailer tells of a failure. */
interface MailError {
  readonly message?: string;
  readonly code?: string;
  /** The server's answer, 4xx or 5xx. */
  readonly responseCode?: number;
  /** What the server was asked when it failed. */
  readonly command?: string;
}

export interface MailSender {
  readonly send: Send;
  close(): void;
}

/**
 * Sends mail over SMTP. The `Message-ID` is that of the notice in every attempt, so that a receiver drops the second of two.
 * Whether a server that accepted a mail said so just before the program was killed nobody can know: that mail is sent again.
 */
export function mailSender(server: MailServer): MailSender {
  const { user, password } = server;
  const transport = createTransport({
    pool: true,
    maxConnections: CONNECTIONS,
    host: server.host,
    port: server.port,
    secure: server.secure,
    // A password never goes over the wire in the clear.
    requireTLS: !server.secure && user !== undefined,
    tls: { ca: server.ca, ...(isIP(server.host) === 0 && { servername: server.host }) },
    ...(user !== undefined && { auth: { user, pass: password ?? '' } }),
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: ANSWER_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(delivery) {
      try {
        await transport.sendMail(messageOf(delivery, server.from));
        return { sent: true };
      } catch (error) {
        return whyNot(error as MailError, delivery.target, server);
      }
    },
    close: () => transport.close(),
  };
}

function messageOf(delivery: DeliveryRow, from: string) {
  const [alertId] = delivery.alertIds;
  return {
    from,
    to: delivery.target,
    subject: delivery.subject,
    text: delivery.body,
    messageId: `<${delivery.id}@watchfloor>`,
    // Mail programs put what is said of one alert together.
    ...(alertId !== undefined && { references: `<${alertId}.alert@watchfloor>` }),
    date: new Date(delivery.atMs),
    priority: delivery.priority === 1 ? ('high' as const) : ('normal' as const),
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

function whyNot(
  { message, code, responseCode, command }: MailError,
  target: string,
  { host, port }: MailServer,
): Outcome {
  const at = `The mail server ${host}:${port}`;
  if (code === 'EAUTH')
    return {
      sent: false,
      error: `${at} refused the user or password. Correct notify.yaml or WATCHFLOOR_SMTP_PASSWORD.`,
    };
  if (code === 'ETLS')
    return { sent: false, error: `${at} offers no TLS that can be used, and the password is not sent without.` };
  if (responseCode !== undefined) {
    const isFinal = responseCode >= 500 && (command === 'RCPT TO' || command === 'DATA' || code === 'EMESSAGE');
    return { sent: false, isFinal, error: `${at} refused the mail to ${target} (${responseCode}).` };
  }
  if (message && /certificate|altname/i.test(message))
    return {
      sent: false,
      error: `${at} has a certificate that is not trusted. Name its authority as ca_file in notify.yaml.`,
    };
  return { sent: false, inDoubt: command === 'DATA', error: `${at} cannot be reached (${code ?? 'unknown error'}).` };
}
