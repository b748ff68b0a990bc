/** Long waits, because these tests are not about a busy machine. */
export const TEST_SETTINGS = { memoryBytes: 128 * 1024 ** 2, threads: 1, patienceMs: 60_000 };
