/** `git@host:owner/name.git`: the way to a repository as ssh takes it. */
const SSH_PATH = /^(?:[^/@]+@)?[^/:]{2,}:(?!\/\/)(.+)$/;

/**
 * What a repository is called: the path of its remote ("acme/shop" of
 * https://github.com/acme/shop.git), without who logs in there; without a remote on another
 * machine, its folder's name.
 *
 * @param remote URL of the remote; null: there is none
 * @param folder the repository's top folder, or the repository itself where it is bare
 */
export function repositoryName(remote: string | null, folder: string): string {
  const path = remote === null ? null : remotePath(remote);
  const own = folder.split(/[\\/]/).findLast((part) => part !== '' && part !== '.git');
  return withoutSuffix(path ?? own ?? '') || folder;
}

/** Null for a remote on this machine: such a path says where it lies, not what it is called. */
function remotePath(remote: string): string | null {
  if (URL.canParse(remote) && remote.includes('://')) {
    const { protocol, pathname } = new URL(remote);
    return protocol === 'file:' ? null : decoded(pathname).replace(/^\/+/, '') || null;
  }
  return SSH_PATH.exec(remote)?.[1]?.replace(/^\/+/, '') ?? null;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // A lone percent sign stands for itself.
    return path;
  }
}

function withoutSuffix(name: string): string {
  return name.replace(/\/+$/, '').replace(/(?<=.)\.git$/, '');
}
