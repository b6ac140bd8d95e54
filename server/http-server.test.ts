import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RoomError } from '../core/protocol/errors.ts';
import { startHttpServer } from './http-server.ts';
import { fakeRoom, HEALTH } from './testing/fake-room.ts';
import { rawRequest } from './testing/raw-request.ts';
import { ARCHIVE, pathOf, type TestServer, testServer } from './testing/test-server.ts';

let t: TestServer;
beforeAll(async () => {
  t = await testServer();
});
afterAll(() => t.close());

const get = (path: string, headers = {}) => rawRequest(t.server.port, path, headers);

describe('the way in', () => {
  test('without a session every path says how to get one and shows nothing', async () => {
    for (const path of ['/', '/index.html', '/demo-streets.geojson', '/basemap/world.pmtiles']) {
      const { status, text } = await get(path);
      expect(status).toBe(401);
      expect(text).toContain('opens with the address it printed');
    }
  });

  test('a token opens one session, as a cookie scripts cannot read, and leaves the address bar', async () => {
    const address = pathOf(t.server.newAddress());
    const first = await get(address);
    expect(first.status).toBe(303);
    expect(first.headers.location).toBe('/');
    const [cookie] = first.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(new RegExp(`^watchfloor-${t.server.port}=[\\w-]{43}; .*HttpOnly; SameSite=Strict$`));
    const page = await get('/', { cookie: cookie.split(';')[0] });
    expect(page.status).toBe(200);
    expect(page.text).toContain('<title>Watchfloor</title>');

    expect((await get(address)).status).toBe(401);
    const again = await get(address, { cookie: cookie.split(';')[0] });
    expect([again.status, again.headers['set-cookie']]).toEqual([303, undefined]);
  });

  test('wrong tokens and made-up sessions stay outside', async () => {
    expect((await get('/?token=')).status).toBe(401);
    expect((await get('/?token=guess')).status).toBe(401);
    expect((await get('/', { cookie: `watchfloor-${t.server.port}=guess` })).status).toBe(401);
    const session = (await t.logIn()).split('=')[1];
    expect((await get('/', { cookie: `watchfloor-1=${session}` })).status).toBe(401);
  });

  test('a fixed token opens any number of sessions', async () => {
    const display = await testServer({ fixedToken: 'fixed-token-of-a-wall' });
    for (let i = 0; i < 3; i++) {
      expect((await rawRequest(display.server.port, '/?token=fixed-token-of-a-wall')).status).toBe(303);
    }
    expect((await rawRequest(display.server.port, '/?token=fixed-token-of-a-wall2')).status).toBe(401);
    await display.close();
  });
});

describe('what is refused', () => {
  test.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example', '192.168.0.7', 'localhost@evil'])(
    'Host “%s” (DNS rebinding)',
    async (host) => {
      const cookie = await t.logIn();
      expect((await get('/', { host, cookie })).status).toBe(403);
      expect((await get('/healthz', { host })).status).toBe(403);
    },
  );
  test('the names of this machine are not', async () => {
    const cookie = await t.logIn();
    for (const host of [`localhost:${t.server.port}`, '127.0.0.1:9999', '[::1]:4800', 'LOCALHOST']) {
      expect((await get('/', { host, cookie })).status).toBe(200);
    }
  });
  test('listening on the network lets in addresses, and no foreign names', async () => {
    const open = await testServer({ host: '0.0.0.0' });
    expect((await rawRequest(open.server.port, '/healthz', { host: '192.168.0.7:4800' })).status).toBe(200);
    expect((await rawRequest(open.server.port, '/healthz', { host: 'evil.example' })).status).toBe(403);
    expect(open.server.newAddress()).toContain(`http://127.0.0.1:${open.server.port}/?token=`);
    await open.close();
  });
  test('paths that leave the folder', async () => {
    const cookie = await t.logIn();
    for (const path of [
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/..\\secret.txt',
      '//../secret.txt',
    ]) {
      const { status, text } = await get(path, { cookie });
      expect([path, status]).toEqual([path, 404]);
      expect(text).not.toContain('secret');
    }
  });
  test('other methods, unreadable targets', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await rawRequest(t.server.port, '/', {}, method)).status).toBe(405);
    }
    expect((await get('http://evil.example/')).status).toBe(400);
  });
});

describe('files', () => {
  test('a range of the basemap is sent alone', async () => {
    const cookie = await t.logIn();
    const part = await get('/basemap/world.pmtiles', { cookie, range: 'bytes=100-199' });
    expect(part.status).toBe(206);
    expect(part.headers['content-range']).toBe(`bytes 100-199/${ARCHIVE.length}`);
    expect(part.body).toEqual(ARCHIVE.subarray(100, 200));
    expect((await get('/basemap/world.pmtiles', { cookie, range: 'bytes=5000-' })).status).toBe(416);
  });
  test.each(['bytes=9-3', 'bytes=-5', 'lines=1-2', 'bytes=0-1,5-6', 'bytes=a-b'])(
    'the range %s is ignored',
    async (range) => {
      const whole = await get('/basemap/world.pmtiles', { cookie: await t.logIn(), range });
      expect(whole.status).toBe(200);
      expect(whole.body).toEqual(ARCHIVE);
    },
  );
  test('demo streets come from the data directory', async () => {
    const cookie = await t.logIn();
    const streets = await get('/demo-streets.geojson', { cookie });
    expect(streets.headers['content-type']).toBe('application/geo+json');
    expect(JSON.parse(streets.text)).toEqual({ type: 'FeatureCollection', features: [] });
    const bare = await testServer({ streetsFile: undefined });
    const without = await rawRequest(bare.server.port, '/demo-streets.geojson', { cookie: await bare.logIn() });
    expect(without.status).toBe(404);
    await bare.close();
  });
});

test('every answer carries the policy: no inline script, no framing, no foreign connections', async () => {
  const cookie = await t.logIn();
  for (const { headers } of [await get('/', { cookie }), await get('/'), await get('/nothing', { cookie })]) {
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self';/);
    expect(policy).toContain("worker-src 'self' blob:");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${t.server.port};`);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
  }
});

describe('health and metrics', () => {
  test('need no session on this machine; degraded is still an answer', async () => {
    const { status, headers, text } = await get('/healthz');
    expect([status, headers['content-type']]).toEqual([200, 'application/json']);
    expect(JSON.parse(text)).toEqual(HEALTH);
  });
  test('metrics carry the same figures and those of the process', async () => {
    const { text } = await get('/metrics');
    for (const line of [
      'watchfloor_messages_received_total 10',
      'watchfloor_messages_journaled_total 9',
      'watchfloor_messages_processed_total 8',
      'watchfloor_messages_quarantined_total 3',
      'watchfloor_messages_duplicates_total 2',
      'watchfloor_messages_late_total 1',
      'watchfloor_messages_dropped_total 1',
      'watchfloor_vehicles{movement="moving"} 3',
      'watchfloor_vehicles_known 7',
      'watchfloor_alerts_active 4',
      'watchfloor_alerts_total 12',
      'watchfloor_lag_seconds{quantile="0.5"} 0.12',
      'watchfloor_lag_seconds{quantile="0.99"} Nan',
      'watchfloor_broker_state{state="reconnecting"} 1',
      'watchfloor_broker_state{state="connected"} 0',
      'watchfloor_recording 1',
      'watchfloor_info{version="1.2.3"} 1',
    ]) {
      expect(text).toContain(`${line}\n`);
    }
    expect(text).toMatch(/^process_cpu_seconds_total \d/m);
    expect((await get('/metrics')).text).toContain('watchfloor_messages_received_total 10\n');
  });
  test('a room that cannot answer is unavailable', async () => {
    const broken = await testServer({ room: fakeRoom(() => Promise.reject(new Error('the engine ended'))) });
    const { status, text } = await rawRequest(broken.server.port, '/healthz');
    expect([status, text]).toEqual([503, 'The room cannot answer: the engine ended\n']);
    await broken.close();
  });
});

describe('ports', () => {
  const options = { room: fakeRoom(), version: '1', rendererDir: import.meta.dirname, host: '127.0.0.1' };
  test('a taken port that was asked for is refused with a sentence', async () => {
    const second = startHttpServer({ ...options, port: t.server.port, portAsked: true });
    await expect(second).rejects.toThrow(RoomError);
    await expect(second).rejects.toThrow(`Port ${t.server.port} is taken by another program.`);
  });
  test('a taken port that was not asked for is passed over', async () => {
    const second = await startHttpServer({ ...options, port: t.server.port, portAsked: false });
    expect(second.port).toBeGreaterThan(t.server.port);
    await second.close();
  });
  test('a host that is not ours is refused with a sentence', async () => {
    const elsewhere = startHttpServer({ ...options, host: '192.0.2.1', port: 0, portAsked: true });
    await expect(elsewhere).rejects.toThrow('192.0.2.1 is not an address of this machine.');
  });
});
