import { EventEmitter } from 'node:events';
import { vi } from 'vitest';

/** Stands in for the `electron` module in unit tests: remembers what it was told and lets tests raise its events. */
class FakeApp extends EventEmitter {
  isPackaged = false;
  hasLock = true;
  readonly paths = new Map<string, string>();
  readonly exit = vi.fn();
  readonly quit = vi.fn();
  readonly enableSandbox = vi.fn();
  readonly commandLine = { appendSwitch: vi.fn() };
  setPath(name: string, path: string): void {
    this.paths.set(name, path);
  }
  requestSingleInstanceLock(): boolean {
    return this.hasLock;
  }
  async whenReady(): Promise<void> {}
}

export class FakeContents extends EventEmitter {
  readonly reload = vi.fn();
  windowOpenHandler: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });
  setWindowOpenHandler(handler: typeof this.windowOpenHandler): void {
    this.windowOpenHandler = handler;
  }
}

export class FakeWindow extends EventEmitter {
  static readonly all: FakeWindow[] = [];
  static getAllWindows(): FakeWindow[] {
    return FakeWindow.all;
  }
  readonly options: Record<string, unknown>;
  readonly webContents = new FakeContents();
  readonly loadURL = vi.fn(async () => {});
  readonly show = vi.fn();
  readonly focus = vi.fn();
  readonly restore = vi.fn();
  readonly maximize = vi.fn();
  minimized = false;
  constructor(options: Record<string, unknown>) {
    super();
    this.options = options;
    FakeWindow.all.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  isMaximized(): boolean {
    return false;
  }
  isDestroyed(): boolean {
    return false;
  }
  getNormalBounds() {
    return { x: 10, y: 20, width: 1200, height: 800 };
  }
}

export class FakeNotification extends EventEmitter {
  static readonly all: FakeNotification[] = [];
  static isThere = true;
  static isSupported(): boolean {
    return FakeNotification.isThere;
  }
  readonly options: Record<string, unknown>;
  readonly show = vi.fn();
  constructor(options: Record<string, unknown>) {
    super();
    this.options = options;
    FakeNotification.all.push(this);
  }
}

export class FakePort extends EventEmitter {
  peer: FakePort | undefined;
  closed = false;
  readonly start = vi.fn();
  postMessage(data: unknown): void {
    queueMicrotask(() => this.peer?.emit('message', { data: structuredClone(data) }));
  }
  close(): void {
    for (const end of [this, this.peer]) {
      if (!end || end.closed) continue;
      end.closed = true;
      queueMicrotask(() => end.emit('close'));
    }
  }
}

export class MessageChannelMain {
  readonly port1 = new FakePort();
  readonly port2 = new FakePort();
  constructor() {
    this.port1.peer = this.port2;
    this.port2.peer = this.port1;
  }
}

type PermissionRequest = (contents: unknown, permission: string, callback: (granted: boolean) => void) => void;

class FakeSession extends EventEmitter {
  request: PermissionRequest = (_contents, _permission, callback) => callback(true);
  check: () => boolean = () => true;
  device: () => boolean = () => true;
  setPermissionRequestHandler(handler: PermissionRequest): void {
    this.request = handler;
  }
  setPermissionCheckHandler(handler: () => boolean): void {
    this.check = handler;
  }
  setDevicePermissionHandler(handler: () => boolean): void {
    this.device = handler;
  }
}

export const app = new FakeApp();
export const BrowserWindow = FakeWindow;
export const Notification = FakeNotification;
export const ipcMain = new EventEmitter();
export const session = { defaultSession: new FakeSession() };
export const shell = { openExternal: vi.fn(async () => {}) };
export const dialog = { showErrorBox: vi.fn(), showMessageBox: vi.fn(async () => ({})) };
export const Menu = { buildFromTemplate: vi.fn((template: unknown) => template), setApplicationMenu: vi.fn() };
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] };

interface PrivilegedScheme {
  readonly scheme: string;
  readonly privileges?: Readonly<Record<string, boolean>>;
}

export const protocol = {
  schemes: [] as PrivilegedScheme[],
  handlers: new Map<string, (request: Request) => Promise<Response> | Response>(),
  registerSchemesAsPrivileged(schemes: PrivilegedScheme[]): void {
    protocol.schemes = schemes;
  },
  handle(scheme: string, handler: (request: Request) => Promise<Response> | Response): void {
    protocol.handlers.set(scheme, handler);
  },
};

export const safeStorage = {
  backend: 'gnome_libsecret',
  available: true,
  getSelectedStorageBackend: () => safeStorage.backend,
  isAsyncEncryptionAvailable: async () => safeStorage.available,
  encryptStringAsync: async (text: string) => Buffer.from(`locked:${text}`).map((byte) => byte ^ 0xff),
  async decryptStringAsync(encrypted: Buffer) {
    const text = Buffer.from(encrypted.map((byte) => byte ^ 0xff)).toString();
    if (!text.startsWith('locked:')) throw new Error('cannot decrypt');
    return { result: text.slice('locked:'.length), shouldReEncrypt: false };
  },
};
