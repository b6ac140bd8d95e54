import { statSync, writeFileSync } from 'node:fs';
import { openRecording } from '../open-recording.ts';
import { createRecording } from '../write-recording.ts';
import { GOLDEN_FILE, GOLDEN_HASH_FILE, replayHash, storedHash } from './golden.ts';
import { GOLDEN_START_MS, goldenStream } from './golden-stream.ts';

const USAGE = `Usage: node core/recording/testing/make-golden.ts [--write | --write-hash]

  (nothing)     compare the golden recording's hash with the stored one
  --write       make the recording again, and its hash
  --write-hash  keep the recording, store its hash as it is now
`;

function writeRecording(): void {
  const { room, truth } = goldenStream();
  const faults = [...new Set(truth.map(({ fault }) => fault))].sort();
  const writer = createRecording({
    file: GOLDEN_FILE,
    roomVersion: '0.1.0',
    createdMs: GOLDEN_START_MS,
    note: `Faults: ${faults.join(', ')}; and what else can happen to a room`,
    zstdLevel: 19,
  });
  for (const record of room.records) writer.add(record);
  const info = writer.finish();
  console.log(`${GOLDEN_FILE}: ${info.messages} messages, ${statSync(GOLDEN_FILE).size} bytes`);
}

async function hashNow(): Promise<string> {
  const recording = openRecording(GOLDEN_FILE);
  try {
    return await replayHash(recording);
  } finally {
    recording.close();
  }
}

const [flag] = process.argv.slice(2);
if (flag === '--write' || flag === '--write-hash') {
  if (flag === '--write') writeRecording();
  const hash = await hashNow();
  writeFileSync(GOLDEN_HASH_FILE, hash);
  process.stdout.write(hash);
} else if (flag === undefined) {
  const same = (await hashNow()) === storedHash();
  console.log(same ? 'The hash is as stored.' : 'The hash differs from the stored one.');
  process.exitCode = same ? 0 : 1;
} else process.stdout.write(USAGE);
