import { describe, expect, it } from 'vitest';
import { createBackOff } from './back-off.ts';
import { parseBrokerUrl } from './broker-address.ts';
import { describeTrouble } from './broker-troubles.ts';
import type { ConnectionEnd } from './connection.ts';

const never: ConnectionEnd = { reached: false, accepted: false, whileAskingDropped: false };
const address = parseBrokerUrl('mqtts://user:secret@broker.example:8883');

describe('broker URLs', () => {
  it('are read with their default ports and without their secrets', () => {
    expect(parseBrokerUrl('mqtt://h')).toMatchObject({ carrier: 'tcp', host: 'h', port: 1883, shown: 'mqtt://h' });
    expect(parseBrokerUrl('tls://h')).toMatchObject({ carrier: 'tls', port: 8883 });
    expect(parseBrokerUrl('ws://h/mqtt?x=1')).toMatchObject({ carrier: 'ws', port: 80, path: '/mqtt?x=1' });
    expect(parseBrokerUrl('wss://h:9001')).toMatchObject({ carrier: 'wss', port: 9001, path: '/' });
    expect(parseBrokerUrl('mqtt://[::1]:77')).toMatchObject({ host: '::1', port: 77 });
    expect(parseBrokerUrl('mqtt://u:p%40ss@h')).toMatchObject({ user: 'u', password: 'p@ss', shown: 'mqtt://h' });
  });

  it.each(['', 'broker', 'http://h', 'mqtt://', 'localhost:1883'])('%j is refused with a sentence', (url) => {
    expect(() => parseBrokerUrl(url)).toThrow(/is not a broker URL/);
  });

  it('keeps a password out of the sentence', () => {
    expect(() => parseBrokerUrl('http://u:secret@h')).toThrow(/^(?!.*secret)/);
  });
});

describe('every trouble has a sentence that says what to do', () => {
  const error = (code: string) => ({ ...never, error: Object.assign(new Error(code), { code }), code });
  it.each<[string, ConnectionEnd, string, RegExp]>([
    ['broker down', error('ECONNREFUSED'), 'reconnecting', /connection refused.*Check/],
    ['name unknown', error('ENOTFOUND'), 'reconnecting', /broker\.example is not known/],
    ['no answer', { ...never, error: new Error('connack timeout') }, 'reconnecting', /in time/],
    ['unreachable', error('EHOSTUNREACH'), 'reconnecting', /cannot be reached/],
    ['reset in the handshake', error('ECONNRESET'), 'reconnecting', /TLS handshake/],
    ['password, 3.1.1', { ...never, refusedWith: 4 }, 'refused', /user name or password/],
    ['password, MQTT 5', { ...never, refusedWith: 0x87 }, 'refused', /user name or password/],
    ['client id', { ...never, refusedWith: 0x85 }, 'refused', /client id "room-1"/],
    ['busy', { ...never, refusedWith: 0x89 }, 'reconnecting', /busy/],
    ['other reason', { ...never, refusedWith: 0x99 }, 'refused', /reason 153/],
    ['taken over', { ...never, accepted: true, disconnectedWith: 0x8e }, 'reconnecting', /Another client.*"room-1"/],
    ['shutting down', { ...never, accepted: true, disconnectedWith: 0x8b }, 'reconnecting', /shutting down/],
    ['dropped', { ...never, accepted: true, reached: true }, 'reconnecting', /was lost/],
    ['silent', { ...never, accepted: true, error: new Error('Keepalive timeout') }, 'reconnecting', /gone silent/],
    ['hangs up', { ...never, reached: true }, 'reconnecting', /without an answer/],
    ['not MQTT', { ...never, malformed: 'it is a tea pot' }, 'reconnecting', /not MQTT: it is a tea pot/],
    ['self-signed', error('DEPTH_ZERO_SELF_SIGNED_CERT'), 'refused', /--ca/],
    ['expired', error('CERT_HAS_EXPIRED'), 'refused', /expired/],
    ['other name', error('ERR_TLS_CERT_ALTNAME_INVALID'), 'refused', /another name than broker\.example/],
    ['client certificate wanted', error('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), 'refused', /--cert and --key/],
    ['unusable file', error('ERR_OSSL_PEM_NO_START_LINE'), 'refused', /cannot be used.*--ca/],
    ['no TLS there', error('ERR_SSL_WRONG_VERSION_NUMBER'), 'refused', /does not speak TLS/],
  ])('%s', (_, end, state, detail) => {
    const trouble = describeTrouble(end, address, 'room-1');
    expect(trouble.state).toBe(state);
    expect(trouble.detail).toMatch(detail);
    expect(trouble.detail).toMatch(/\.$/);
    expect(trouble.detail).not.toContain('secret');
  });
});

it('waits longer each time, up to the maximum, and starts over', () => {
  const backOff = createBackOff(1000, 30_000, () => 0.5);
  expect(Array.from({ length: 7 }, () => backOff.next())).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  backOff.reset();
  expect(backOff.next()).toBe(1000);
  const early = createBackOff(1000, 30_000, () => 0);
  const late = createBackOff(1000, 30_000, () => 1);
  expect([early.next(), late.next()]).toEqual([750, 1250]);
});
