/** The part of fs-native-extensions that we use; it brings no types of its own. Locks are the kernel's and die with their process. */
declare module "fs-native-extensions" {
  /** Takes an exclusive lock on the file unless another open file has one; tells whether it was taken. */
  export function tryLock(fileDescriptor: number): boolean;
  /** Takes a lock on some of the file's bytes; a shared one only keeps exclusive ones away, and needs no right to write. */
  export function tryLock(
    fileDescriptor: number,
    offset: number,
    length: number,
    options: { readonly shared: boolean },
  ): boolean;
  /** Waits until the exclusive lock is taken. */
  export function waitForLock(fileDescriptor: number): Promise<void>;
  /** Gives the lock back before the file is closed. */
  export function unlock(fileDescriptor: number): void;
}
