import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';

/** Watches a folder that may appear and disappear. */
export interface FolderWatch {
  /**
   * Whether the folder exists. Starts a new watcher when the folder is new, because a watcher does
   * not outlive its folder.
   */
  check(): Promise<boolean>;
  close(): Promise<void>;
}

export interface FolderWatchOptions {
  readonly folder: string;
  /** Only these files of the folder are watched. */
  readonly names: readonly string[];
  readonly onChange: () => void;
  readonly onError: (error: unknown) => void;
}

export function createFolderWatch({ folder, names, onChange, onError }: FolderWatchOptions): FolderWatch {
  const watched = new Set(names);
  let watcher: FSWatcher | null = null;
  let identity: string | null = null;

  function open(): FSWatcher {
    const opened = watch(folder, {
      depth: 0,
      ignoreInitial: true,
      ignored: (path) => path !== folder && !watched.has(basename(path)),
    });
    opened.on('all', (event) => {
      // The folder that replaces it may have the same inode number.
      if (event === 'unlinkDir') identity = null;
      onChange();
    });
    // Changes during the start were missed.
    opened.on('ready', onChange);
    opened.on('error', onError);
    return opened;
  }

  return {
    async check() {
      const found = await identify(folder);
      if (found === identity) return found !== null;
      await watcher?.close();
      watcher = found === null ? null : open();
      identity = found;
      return found !== null;
    },
    async close() {
      await watcher?.close();
      watcher = null;
      identity = null;
    },
  };
}

async function identify(folder: string): Promise<string | null> {
  try {
    const { dev, ino, birthtimeMs } = await stat(folder);
    return [dev, ino, birthtimeMs].join(':');
  } catch {
    return null;
  }
}
