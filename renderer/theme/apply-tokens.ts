import { ALERT_COLORS, CAUTION, FONT_FAMILY, GROUND, SIZES, TEXT } from './tokens.ts';

/** The tokens as custom properties, for style sheets; Mantine's own variables follow them. */
const PROPERTIES: Readonly<Record<string, string>> = {
  '--page': GROUND.page,
  '--panel': GROUND.panel,
  '--raised': GROUND.raised,
  '--control': GROUND.control,
  '--line': GROUND.line,
  '--text': TEXT.main,
  '--soft': TEXT.soft,
  '--faint': TEXT.faint,
  '--accent': TEXT.accent,
  '--caution': CAUTION,
  '--critical': ALERT_COLORS.critical,
  '--high': ALERT_COLORS.high,
  '--medium': ALERT_COLORS.medium,
  '--low': ALERT_COLORS.low,
  '--top-bar': `${SIZES.topBarPx}px`,
  '--queue-width': `${SIZES.queueWidthPx}px`,
  '--vehicle-width': `${SIZES.vehicleWidthPx}px`,
  '--radius': `${SIZES.radiusPx}px`,
  '--mantine-font-family': FONT_FAMILY,
  '--mantine-font-family-headings': FONT_FAMILY,
  '--mantine-radius-default': `${SIZES.radiusPx}px`,
  '--mantine-color-body': GROUND.panel,
  '--mantine-color-text': TEXT.main,
  '--mantine-color-dimmed': TEXT.faint,
  '--mantine-color-placeholder': TEXT.faint,
  '--mantine-color-default': GROUND.control,
  '--mantine-color-default-border': GROUND.line,
  '--mantine-color-dark-4': GROUND.line,
  '--mantine-color-dark-5': GROUND.control,
  '--mantine-color-dark-6': GROUND.raised,
  '--mantine-color-dark-7': GROUND.panel,
  '--mantine-primary-color-filled': TEXT.soft,
};

/**
 * Sets the custom properties on `root` through the CSS object model: a strict content security policy refuses injected
 * style elements, and this way the values live in tokens.ts alone.
 */
export function applyTokens(root: HTMLElement): void {
  for (const [name, value] of Object.entries(PROPERTIES)) root.style.setProperty(name, value);
}
