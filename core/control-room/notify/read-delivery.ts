import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { DEFAULT_TOPICS } from '../../model/topics.ts';
import type { DeliverySettings, PublishBroker } from '../../notify/delivery-settings.ts';
import { clientIdOf } from '../client-id.ts';
import type { BrokerOptions } from '../options.ts';
import type { Delivery } from './parse-plan.ts';
import { webhookSecret } from './plan-file.ts';

/** Every MQTT 3.1.1 broker takes ids of this length. */
const MAX_CLIENT_ID = 23;

/** What delivering needs, with secrets from the environment and files. Throws with a sentence when a file cannot be read. */
export function deliverySettings(
  dataDir: string,
  { mail, mailCaFile, webhooks }: Delivery,
  broker: BrokerOptions,
  env: NodeJS.ProcessEnv,
): DeliverySettings {
  const pem = (file: string): Buffer => readFile(isAbsolute(file) ? file : join(dataDir, file));
  return {
    mail: mail && {
      ...mail,
      password: env.WATCHFLOOR_SMTP_PASSWORD,
      ca: mailCaFile === undefined ? undefined : pem(mailCaFile).toString(),
    },
    webhooks,
    webhookSecret: Object.keys(webhooks).length > 0 ? webhookSecret(dataDir, env) : '',
    broker: publishBroker(dataDir, broker),
  };
}

function publishBroker(dataDir: string, broker: BrokerOptions): PublishBroker {
  const file = (name: string | undefined): Buffer | undefined => (name === undefined ? undefined : readFile(name));
  const clientId = broker.clientId ?? clientIdOf(dataDir);
  return {
    url: broker.url,
    ca: file(broker.caFile),
    cert: file(broker.certFile),
    key: file(broker.keyFile),
    user: broker.user,
    password: broker.password,
    clientId: `${clientId.slice(0, MAX_CLIENT_ID - 4)}-out`,
    topic: `${broker.topicPrefix ?? ''}${DEFAULT_TOPICS.alert}/`,
  };
}

function readFile(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}). Correct its name or rights.`);
  }
}
