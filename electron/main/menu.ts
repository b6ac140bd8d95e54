import { app, dialog, Menu, type MenuItemConstructorOptions } from 'electron';

/** The application menu; developer tools only in development. */
export function setMenu(version: string): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(version, process.platform, !app.isPackaged)));
}

export function menuTemplate(
  version: string,
  platform: NodeJS.Platform,
  development: boolean,
): MenuItemConstructorOptions[] {
  const about = (): void => {
    void dialog.showMessageBox({ type: 'info', title: 'Watchfloor', message: `Watchfloor ${version}` });
  };
  return [
    ...(platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    {
      label: 'Room',
      submenu: [
        { role: 'reload', label: 'Reload the screens' },
        { type: 'separator' },
        platform === 'darwin' ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...(development ? [{ type: 'separator' } as const, { role: 'toggleDevTools' } as const] : []),
      ],
    },
    { role: 'help', submenu: [{ label: 'About Watchfloor', click: about }] },
  ];
}
