import { createTheme } from '@mantine/core';
import styles from './mantine-theme.module.css';
import { FONT_FAMILY } from './tokens.ts';

/** Mantine in the room's clothes: grey controls, small radii, nothing that moves for its own sake. */
export const mantineTheme = createTheme({
  fontFamily: FONT_FAMILY,
  primaryColor: 'gray',
  defaultRadius: 4,
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Tooltip: { defaultProps: { openDelay: 350, multiline: true, maw: 320, position: 'bottom', withinPortal: true } },
    Button: { defaultProps: { variant: 'default', size: 'compact-sm' }, classNames: { root: styles.button } },
    // The page does not scroll, and the scroll lock would inject a style element, which the security policy refuses.
    Drawer: { defaultProps: { position: 'right', size: 560, lockScroll: false } },
    Modal: { defaultProps: { lockScroll: false } },
    Kbd: { classNames: { root: styles.key } },
  },
});
