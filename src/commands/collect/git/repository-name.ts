/** A repository address in the short form of ssh: `git@host:owner/name.git`. */
const SSH_PATH = /^(?:[^/@]+@)?[^/:]{2,}:(?!\/\/)(.+)$/;

/**
 * The name of a repository: the path of its remote ("acme/shop" for
 * https://github.com/acme/shop.git), without the user. If there is no remote on another machine,
 * the name of its folder.
 *
 * @param remote URL of the remote, null if there is none
 * @param folder the top folder of the repository, or the repository itself if it is bare
 */
export function repositoryName(remote: string | null, folder: string): string {
  const path = remote === null ? null : remotePath(remote);
  const own = folder.split(/[\\/]/).findLast((part) => part !== '' && part !== '.git');
  return withoutSuffix(path ?? own ?? '') || folder;
}

/** The path of a remote. Null for one on this machine, whose path is a location, not a name. */
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
    // A single percent sign is literal.
    return path;
  }
}

function withoutSuffix(name: string): string {
  return name.replace(/\/+$/, '').replace(/(?<=.)\.git$/, '');
}
