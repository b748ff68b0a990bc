import type { KeyRing } from '../access/key-ring.ts';
import type { Config } from '../config/config.ts';
import { TelltaleError } from '../core/errors.ts';
import { isLoopback } from '../core/networks.ts';

/** When requests need no key: see `AccessOptions`. */
export function opennessOf({ authDisabled, host }: Config) {
  if (authDisabled) return 'ALWAYS' as const;
  return isLoopback(host) ? ('UNTIL_FIRST_KEY' as const) : ('NEVER' as const);
}

/** @throws TelltaleError if others can reach the server, but it has no keys to identify them */
export function expectKeys(config: Config, { hasKeys }: Pick<KeyRing, 'hasKeys'>): void {
  if (opennessOf(config) !== 'NEVER' || hasKeys) return;
  throw new TelltaleError(
    'CONFLICT',
    `HOST=${config.host}: others can reach this address, and there is no API key yet. Create ` +
      'one:\n\n  npx telltale keys create --scope=admin\n\nOr leave HOST at 127.0.0.1, or set ' +
      'AUTH=disabled to let anyone read and write.',
  );
}

/** @throws TelltaleError if the configuration names a project that does not exist */
export function expectProjects(
  { coordinationFolder, coordinationProject, selfMonitoring }: Config,
  { projects }: Pick<KeyRing, 'projects'>,
): void {
  const named = {
    ...(coordinationFolder !== null && { COORDINATION_PROJECT: coordinationProject }),
    ...(selfMonitoring !== null && { SELF_MONITORING_PROJECT: selfMonitoring.projectId }),
  };
  for (const [variable, project] of Object.entries(named)) {
    if (!projects.has(project))
      throw new TelltaleError('NOT_FOUND', `${variable}=${project}: there is no such project.`);
  }
}
