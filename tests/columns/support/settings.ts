/** Patient: a busy machine is not what these tests are about. */
export const TEST_SETTINGS = { memoryBytes: 128 * 1024 ** 2, threads: 1, patienceMs: 60_000 };
