/** The room of a file system, in bytes. */
export interface DiskRoom {
  /** What is left for programs that are not root's. */
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** What `statfs` says, in blocks. */
interface BlockCounts {
  readonly bavail: number;
  readonly blocks: number;
  readonly bsize: number;
}

/**
 * Reads the room from the answer of `statfs`. Null: the file system reports no size, as those do
 * that keep no files (/proc), and some that keep them elsewhere. Nothing is known of its room then,
 * least of all that there is none.
 */
export const readRoom = ({ bavail, blocks, bsize }: BlockCounts): DiskRoom | null =>
  blocks === 0 ? null : { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
