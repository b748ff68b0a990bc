/**
 * The environment for a command that opens the services of a server. Their log goes to standard
 * output, like the result of the command. So only warnings are logged, unless LOG_LEVEL asks for
 * more.
 */
export const quietEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  LOG_LEVEL: process.env.LOG_LEVEL || 'warn',
});
