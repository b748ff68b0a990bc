/**
 * The environment for a command that opens the services of a server: their log is on standard output,
 * where the result of a command goes, so only warnings come, unless LOG_LEVEL asks for more.
 */
export const quietEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  LOG_LEVEL: process.env.LOG_LEVEL || 'warn',
});
