const NO_MEMORY = "there is not enough memory for it";

/** What went wrong, in words, by the code the operating system gives. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a folder, not a file",
  ERR_FS_EISDIR: "it is a folder, not a file",
  ENOTDIR: "it is not a folder, or lies in something that is not one",
  ENOSPC: "no space left on the disk",
  EFBIG: "the file would be larger than it may be",
  EDQUOT: "no space left of what you may use on the disk",
  EIO: "the disk has failed to read or write it",
  EROFS: "the disk is read-only",
  EMFILE: "too many files are open",
  ELOOP: "it is a link that leads to itself",
  ENAMETOOLONG: "the name is too long",
  ERR_FS_FILE_TOO_LARGE: "it is larger than 2 GiB",
  ENOMEM: NO_MEMORY,
  ERR_MEMORY_ALLOCATION_FAILED: NO_MEMORY,
};

/**
 * The error for a file or folder that could not be read, written or removed: `Cannot read data/x: no such file or folder.`
 * and the remedy, if there is one. The system's own error is its `cause`.
 */
export function fileError(
  action: "read" | "write" | "remove",
  path: string,
  cause: unknown,
  remedy = "",
): Error {
  const hint = remedy && ` ${remedy}`;
  return new Error(`Cannot ${action} ${path}: ${reasonOf(cause)}.${hint}`, { cause });
}

function reasonOf(cause: unknown): string {
  if (isOutOfMemory(cause)) return NO_MEMORY;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return REASONS[code] ?? messageOf(cause);
}

/** True for what an engine throws that has no memory for an array. */
function isOutOfMemory(cause: unknown): boolean {
  return cause instanceof RangeError && /allocation failed|out of memory/i.test(cause.message);
}

/** The error for a file whose content will not do: `data/x: ` and the message of its `cause`. */
export function inFile(path: string, cause: unknown): Error {
  return new Error(`${path}: ${messageOf(cause)}`, { cause });
}

/** What the thrown value says, which need not be an error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
