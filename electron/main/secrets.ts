import { readFileSync, writeFileSync } from 'node:fs';
import { safeStorage } from 'electron';
import type { BrokerOptions } from '../../core/control-room/options.ts';

/**
 * The broker with its password: one that was given is kept in the system's key store for the next start, one that was not
 * given is taken from there. Only for a broker with a user; without a key store nothing is kept.
 */
export async function withStoredPassword(broker: BrokerOptions, file: string): Promise<BrokerOptions> {
  if (broker.user === undefined || !(await canStore())) return broker;
  const account = `${broker.user}@${broker.url}`;
  if (broker.password === undefined) return { ...broker, password: await loadPassword(file, account) };
  await storePassword(file, account, broker.password);
  return broker;
}

/** Linux without a key ring would "encrypt" with a fixed key, which is no better than plain text. */
async function canStore(): Promise<boolean> {
  if (process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') return false;
  return safeStorage.isAsyncEncryptionAvailable();
}

async function storePassword(file: string, account: string, password: string): Promise<void> {
  const encrypted = await safeStorage.encryptStringAsync(password);
  const secrets = { ...readSecrets(file), [account]: encrypted.toString('base64') };
  try {
    writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  } catch (error) {
    console.error(`The broker's password was not kept: ${error instanceof Error ? error.message : error}`);
  }
}

async function loadPassword(file: string, account: string): Promise<string | undefined> {
  const encrypted = readSecrets(file)[account];
  if (typeof encrypted !== 'string') return undefined;
  try {
    return (await safeStorage.decryptStringAsync(Buffer.from(encrypted, 'base64'))).result;
  } catch {
    // The key store was reset: the password has to be given again, which the broker's refusal will say.
    return undefined;
  }
}

function readSecrets(file: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch {
    return {};
  }
}
