import { app, type Session, shell, type WebContents } from 'electron';
import { APP_ORIGIN } from '../channels.ts';

/** Sites that may be opened in the system's browser; each entry is an origin. */
const EXTERNAL_ORIGINS: readonly string[] = [];

/** Every page, now and later: it stays where it is, opens nothing, embeds nothing. */
export function lockDownContents(): void {
  app.on('web-contents-created', (_event, contents) => lockDown(contents));
}

/** Every permission is refused: the screens need none. */
export function refusePermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
}

function lockDown(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    if (!isRoom(event.url)) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isRoom(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (mayOpenOutside(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
}

function isRoom(url: string): boolean {
  return url.startsWith(`${APP_ORIGIN}/`);
}

/** Https pages of listed sites only: other schemes would start programs. */
export function mayOpenOutside(url: string, origins: readonly string[] = EXTERNAL_ORIGINS): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, origin } = new URL(url);
  return protocol === 'https:' && origins.includes(origin);
}
