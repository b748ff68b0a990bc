import { uuidOf } from '../../support/events.ts';

/** Events for the dataset that the recipe in ARCHITECTURE.md adds. */
export const RECORD =
  'mutation ($input: [TranscriptionInput!]!) { recordTranscriptions(input: $input) { accepted } }';
const HOUR_MS = 3_600_000;

/** The hour of the events is over, so that cells can answer for all of it. */
const start = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 2 * HOUR_MS;
const minute = (minutes: number) => new Date(start + minutes * 60_000).toISOString();
export const range = { from: minute(0), to: minute(60) };

export const BATCH = [
  { id: uuidOf(1), timestamp: minute(1), engine: 'whisper-1', mode: 'FILE', words: 100, cost: 0.006 },
  { id: uuidOf(2), timestamp: minute(2), engine: 'whisper-1', mode: 'FILE', words: 300, cost: 0.012 },
  { engine: 'whisper-1', mode: 'SUNG', words: 1 },
  { id: uuidOf(3), timestamp: minute(20), engine: 'whisper-1', mode: 'LIVE', words: 0 },
];
export const ACTIVITY = {
  transcriptions: [
    { id: uuidOf(4), timestamp: minute(50), engine: 'nova', mode: 'LIVE', words: 50, cost: 0.001 },
  ],
};
