import latinRegular from '@fontsource/inter/files/inter-latin-400-normal.woff2?url';
import latinMedium from '@fontsource/inter/files/inter-latin-500-normal.woff2?url';
import latinExtRegular from '@fontsource/inter/files/inter-latin-ext-400-normal.woff2?url';
import latinExtMedium from '@fontsource/inter/files/inter-latin-ext-500-normal.woff2?url';

export const REGULAR = 'Inter';
export const MEDIUM = 'Inter Medium';

const LATIN = ['U+0-FF', 'U+131', 'U+152-153', 'U+2BB-2BC', 'U+2C6', 'U+2DA', 'U+2DC', 'U+2000-206F', 'U+20AC'];
const LATIN_EXT = ['U+100-2BA', 'U+2BD-2C5', 'U+2C7-2CC', 'U+2CE-2D7', 'U+2DD-2FF', 'U+1D00-1DBF', 'U+1E00-1E9F'];

interface FontFile {
  url: string;
  'unicode-range': string[];
}

function files(latin: string, latinExt: string): FontFile[] {
  return [
    { url: new URL(latin, location.href).href, 'unicode-range': LATIN },
    { url: new URL(latinExt, location.href).href, 'unicode-range': LATIN_EXT },
  ];
}

/** Bundled font files for a map style: labels are drawn from them in the window, without a glyph server. */
export function fontFaces(): Record<string, FontFile[]> {
  return { [REGULAR]: files(latinRegular, latinExtRegular), [MEDIUM]: files(latinMedium, latinExtMedium) };
}
