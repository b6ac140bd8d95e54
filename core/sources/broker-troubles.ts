import type { BrokerState } from '../model/broker.ts';
import { type BrokerAddress, isSecure } from './broker-address.ts';
import type { ConnectionEnd } from './connection.ts';

/** Why there is no connection. `slow`: trying again soon would not help, and may do harm. */
export interface Trouble {
  readonly state: BrokerState;
  /** One or two plain sentences: what is wrong and what to do. */
  readonly detail: string;
  readonly slow: boolean;
}

/** CONNECT refused because of the MQTT version: 3.1.1 return code 1, MQTT 5 reason 0x84. */
export function isVersionRefusal(end: ConnectionEnd): boolean {
  return end.refusedWith === 1 || end.refusedWith === 0x84;
}

/** The broker took the connection and hung up without a word, as some do on a version they do not know. */
export function isSilentRefusal(end: ConnectionEnd): boolean {
  const hungUp = end.code === undefined || end.code === 'ECONNRESET' || end.code === 'EPIPE';
  return end.reached && !end.accepted && end.refusedWith === undefined && end.malformed === undefined && hungUp;
}

/** Puts the end of a connection into words. `often`: it is one of several in a row that were lost soon after they were made. */
export function describeTrouble(end: ConnectionEnd, address: BrokerAddress, clientId: string, often = false): Trouble {
  const at = address.shown;
  if (end.refusedWith !== undefined) return describeRefusal(end.refusedWith, at, clientId);
  if (end.disconnectedWith !== undefined) return describeDisconnect(end.disconnectedWith, at, clientId);
  if (end.malformed !== undefined) {
    return retry(`The broker at ${at} sent bytes that are not MQTT: ${end.malformed}. Check address and port.`);
  }
  if (often && end.accepted) {
    const why = `Perhaps another client has the same id "${clientId}": close it, or give one another id.`;
    return { ...retry(`The broker at ${at} drops each connection soon after it is made. ${why}`), slow: true };
  }
  return (
    describeCertificate(end, address) ??
    describeNetwork(end, address) ??
    retry(
      end.accepted
        ? `The connection to the broker at ${at} was lost.`
        : `The broker at ${at} hangs up without an answer. Check address and port.`,
    )
  );
}

function retry(what: string): Trouble {
  return { state: 'reconnecting', detail: `${what} Trying again.`, slow: false };
}

function refused(what: string): Trouble {
  return { state: 'refused', detail: what, slow: true };
}

/** MQTT 3.1.1 §3.2.2.3 (1–5) and MQTT 5 §3.2.2.2 (128 and up). */
function describeRefusal(code: number, at: string, clientId: string): Trouble {
  switch (code) {
    case 4:
    case 5:
    case 0x86:
    case 0x87:
    case 0x8c:
      return refused(`The broker at ${at} refuses the user name or password. Check --user and the password.`);
    case 2:
    case 0x85:
      return refused(`The broker at ${at} refuses the client id "${clientId}". Choose another.`);
    case 0x8a:
      return refused(`The broker at ${at} has banned this client. Ask who runs the broker.`);
    case 3:
    case 0x88:
    case 0x89:
      return retry(`The broker at ${at} is busy or not available.`);
    case 1:
    case 0x84:
      return refused(`The broker at ${at} speaks neither MQTT 5 nor 3.1.1.`);
    default:
      return refused(`The broker at ${at} refuses the connection (reason ${code}). Its log says more.`);
  }
}

/** MQTT 5 §3.14.2.1. */
function describeDisconnect(code: number, at: string, clientId: string): Trouble {
  switch (code) {
    case 0x8e:
      return {
        ...retry(
          `Another client with the id "${clientId}" took over the session at ${at}. Close it, or give one another id.`,
        ),
        slow: true,
      };
    case 0x8b:
      return retry(`The broker at ${at} is shutting down.`);
    case 0x87:
    case 0x98:
      return refused(
        `The broker at ${at} does not allow this client any more (reason ${code}). Ask who runs the broker.`,
      );
    default:
      return retry(`The broker at ${at} ended the connection (reason ${code}).`);
  }
}

const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
]);

function describeCertificate(end: ConnectionEnd, address: BrokerAddress): Trouble | undefined {
  const { code = '' } = end;
  const at = address.shown;
  if (UNTRUSTED.has(code)) {
    return refused(
      `The certificate of the broker at ${at} is self-signed or from an unknown authority. Give the authority's certificate with --ca.`,
    );
  }
  if (code === 'CERT_HAS_EXPIRED')
    return refused(`The certificate of the broker at ${at} has expired. It must be renewed there.`);
  if (code === 'CERT_NOT_YET_VALID') {
    return refused(`The certificate of the broker at ${at} is not valid yet. Check the clocks of both machines.`);
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return refused(
      `The certificate of the broker at ${at} is for another name than ${address.host}. Use the name it was made for.`,
    );
  }
  if (
    /CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE|ALERT_(BAD|UNKNOWN|UNSUPPORTED)_C|CERTIFICATE_(UNKNOWN|EXPIRED|REVOKED)|UNKNOWN_CA/.test(
      code,
    )
  ) {
    return refused(`The broker at ${at} refuses this client's certificate, or wants one. Check --cert and --key.`);
  }
  if (/^ERR_OSSL|^ERR_TLS|KEY_VALUES_MISMATCH|NO_START_LINE|BAD_DECRYPT/.test(code)) {
    return refused(`The certificate or key file cannot be used (${end.error?.message}). Check --ca, --cert and --key.`);
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) {
    return refused(`The broker at ${at} does not speak TLS on this port. Check the port, or use mqtt:// or ws://.`);
  }
  return undefined;
}

function describeNetwork(end: ConnectionEnd, address: BrokerAddress): Trouble | undefined {
  const at = address.shown;
  switch (codeOf(end)) {
    case 'ECONNREFUSED':
      return retry(`No broker answers at ${at} (connection refused). Check that it runs, and its address and port.`);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return retry(`The name ${address.host} is not known. Check the broker's address and the network.`);
    case 'ETIMEDOUT':
      return retry(`The broker at ${at} does not answer in time. Check its address, the network and firewalls.`);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ENETDOWN':
      return retry(`The broker at ${at} cannot be reached. Check the network.`);
    case 'ECONNRESET':
    case 'EPIPE':
      if (end.accepted) return retry(`The connection to the broker at ${at} was lost.`);
      return isSecure(address.carrier)
        ? retry(`The broker at ${at} hangs up during the TLS handshake. Check that the port speaks TLS.`)
        : undefined;
    default:
      break;
  }
  if (end.error?.message === 'Keepalive timeout') return retry(`The broker at ${at} has gone silent.`);
  if (end.error?.message.startsWith('Unexpected server response')) {
    return retry(`The server at ${at} does not take MQTT over WebSocket (${end.error.message}). Check path and port.`);
  }
  return undefined;
}

/** Node tries all addresses of a name and reports the attempts together; they mostly fail alike. */
function codeOf(end: ConnectionEnd): string | undefined {
  if (end.error?.message === 'connack timeout') return 'ETIMEDOUT';
  const first: unknown = end.error instanceof AggregateError ? end.error.errors[0] : undefined;
  if (first instanceof Error && 'code' in first && typeof first.code === 'string') return first.code;
  return end.code;
}
