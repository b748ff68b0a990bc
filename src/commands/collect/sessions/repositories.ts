import { isAbsolute, relative, sep } from 'node:path';
import { firstCharacters } from '../../../core/cut-text.ts';
import { UsageError } from '../../import/options.ts';
import { findRepository } from '../git/repository.ts';
import { repositoryName } from '../git/repository-name.ts';
import { createGit } from '../git/run-git.ts';
import type { Workspace } from './session-log.ts';

/** The maximum length of a tag. */
const MAX_CHARACTERS = 200;

/** Finds the tags of a workspace: its repository and branch. */
export type FindTags = (workspace: Workspace) => Promise<Readonly<Record<string, string>>>;

/**
 * Finds the repository of a folder by its remote, as `collect git` does. Each folder is asked once.
 * A folder that no longer exists, or is in no repository, counts under its own name. Its path stays
 * on this machine.
 */
export function createTagFinder(signal?: AbortSignal): FindTags {
  const names = new Map<string, Promise<string | null>>();

  function nameOf({ cwd, remote }: Workspace): Promise<string | null> {
    const key = remote ?? cwd;
    if (key === undefined) return Promise.resolve(null);
    const name =
      names.get(key) ??
      (remote === undefined ? nameOfFolder(key, signal) : Promise.resolve(repositoryName(remote, cwd ?? '')));
    names.set(key, name);
    return name;
  }

  return async (workspace) => {
    const repo = await nameOf(workspace);
    return Object.fromEntries(
      Object.entries({ repo, branch: workspace.branch })
        .filter((tag): tag is [string, string] => tag[1] != null && tag[1] !== '')
        .map(([name, value]) => [name, firstCharacters(value, MAX_CHARACTERS)]),
    );
  };
}

async function nameOfFolder(folder: string, signal: AbortSignal | undefined): Promise<string> {
  try {
    return (await findRepository(createGit(folder, signal))).name;
  } catch (error) {
    if (signal?.aborted || !(error instanceof UsageError)) throw error;
    return repositoryName(null, folder);
  }
}

/** Whether the workspace is in the folder. */
export function isUnder({ cwd }: Workspace, folder: string): boolean {
  if (cwd === undefined) return false;
  const path = relative(folder, cwd);
  return path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}
