/** The one IPC channel: a window asks for its port on it, and is answered with the port. */
export const LINK_CHANNEL = 'link';

/** The window message with which the preload hands the port to the page. */
export const PORT_MESSAGE = 'watchfloor-link';

export const APP_SCHEME = 'app';
export const APP_ORIGIN = 'app://room';
