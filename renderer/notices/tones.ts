/** Hertz, and seconds from the beginning of the tone. */
interface Note {
  readonly hz: number;
  readonly fromS: number;
  readonly lengthS: number;
}

const note = (hz: number, fromS: number, lengthS: number): Note => ({ hz, fromS, lengthS });

/**
 * One short tone for each priority, by its number: they differ in how many notes they have as well as in pitch, so that they can be told
 * apart in a noisy room.
 */
const TONES: Readonly<Record<number, readonly Note[]>> = {
  1: [note(988, 0, 0.12), note(784, 0.16, 0.12), note(988, 0.32, 0.12), note(784, 0.48, 0.18)],
  2: [note(880, 0, 0.14), note(880, 0.2, 0.18)],
  3: [note(587, 0, 0.2)],
  4: [note(392, 0, 0.12)],
};

const LOUDNESS = 0.25;
/** Notes that begin and end at once crackle. */
const FADE_S = 0.01;

/** Plays the tone of a priority. Silent in a browser that waits for the first key or click. */
export function playTone(context: AudioContext, priority: number): void {
  for (const { hz, fromS, lengthS } of TONES[priority] ?? []) {
    const startS = context.currentTime + fromS;
    const endS = startS + lengthS;
    const gain = context.createGain();
    gain.gain.setValueAtTime(0, startS);
    gain.gain.linearRampToValueAtTime(LOUDNESS, startS + FADE_S);
    gain.gain.setValueAtTime(LOUDNESS, endS - FADE_S);
    gain.gain.linearRampToValueAtTime(0, endS);
    gain.connect(context.destination);
    const oscillator = context.createOscillator();
    oscillator.frequency.value = hz;
    oscillator.connect(gain);
    oscillator.start(startS);
    oscillator.stop(endS);
  }
}
