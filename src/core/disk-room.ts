/** The space of a file system, in bytes. */
export interface DiskRoom {
  /** The space that is available to programs without root's rights. */
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** The result of `statfs`, in blocks. */
interface BlockCounts {
  readonly bavail: number;
  readonly blocks: number;
  readonly bsize: number;
}

/**
 * Reads the space from the result of `statfs`. Null: the file system reports no size, as those
 * without files (/proc) and some network file systems do. Its space is unknown then, and must not
 * count as full.
 */
export const readRoom = ({ bavail, blocks, bsize }: BlockCounts): DiskRoom | null =>
  blocks === 0 ? null : { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
