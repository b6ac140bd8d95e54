import { basename } from 'node:path';

/** Switches meant for Chromium or for a debugger, which Electron leaves in the arguments. */
const NOT_OURS =
  /^(--(no-sandbox|inspect|inspect-brk|remote-debugging-port|remote-allow-origins|ozone-platform|ozone-platform-hint|disable-gpu|use-gl|use-angle|enable-logging|force-device-scale-factor|password-store|user-data-dir)(=|$)|-psn_)/;

/** The room's own arguments out of Electron's: those after the entry script, or after the program when installed. */
export function shellArgs(argv: readonly string[], packaged: boolean): string[] {
  const script = argv.findIndex((arg) => arg === '.' || basename(arg) === 'electron-main.js');
  const own = packaged ? argv.slice(1) : argv.slice(script + 1);
  return own.filter((arg) => !NOT_OURS.test(arg));
}
