/** How mail leaves. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; otherwise STARTTLS, which is required when there is a user. */
  readonly secure: boolean;
  readonly user?: string;
  readonly password?: string;
  /** Sender as `Watchfloor <room@example.org>`. */
  readonly from: string;
  /** Certificate authority in PEM, where it is not one the system knows. */
  readonly ca?: string;
}

/** The broker on which alerts are published, beside the connection that listens. */
export interface PublishBroker {
  readonly url: string;
  readonly ca?: Uint8Array;
  readonly cert?: Uint8Array;
  readonly key?: Uint8Array;
  readonly user?: string;
  readonly password?: string;
  /** Not that of the connection that listens: a broker ends the older of two with one id. */
  readonly clientId: string;
  /** Topic under which alerts are published, with its slash at the end. */
  readonly topic: string;
}

/** What delivering needs and the journal must not hold. */
export interface DeliverySettings {
  readonly mail?: MailServer;
  /** Addresses by the names that routes use. */
  readonly webhooks: Readonly<Record<string, string>>;
  /** What webhooks are signed with: `whsec_` and base64, or any text. */
  readonly webhookSecret: string;
  readonly broker?: PublishBroker;
}
