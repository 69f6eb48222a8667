import type { NewFileOutcome } from "../host.ts";

// What the server asks an editor for that says `files: true` of itself (editor-traits.ts): files of folders that are on no
// disk which the server could reach. Every URI is one that the server has made of the URI of an open document.

/** The request for what there is: from `FileParams` to a `FileStatus`, or null where there is nothing. */
export const statRequest = "contrax/files/stat";

/** The request for what stands in a folder: from `FileParams` to a list of `FileEntry`, or null where it cannot be read. */
export const listRequest = "contrax/files/list";

/** The request for a file's content: from `FileParams` to a `FileContent`. */
export const readRequest = "contrax/files/read";

/** The request to create a file, whole or not at all, unless there is one: from `NewFileParams` to a `NewFileOutcome`. */
export const writeRequest = "contrax/files/write";

/** The request to remove a file: from `FileParams` to whether it is gone. */
export const deleteRequest = "contrax/files/delete";

/** The notification that changes of a file are to be told from now on, with `FileParams`. */
export const watchNotification = "contrax/files/watch";

/** The notification that they need not any more, with `FileParams`. */
export const unwatchNotification = "contrax/files/unwatch";

/** The editor's notification that a watched file has come, changed or gone, with the `FileParams` with which it is watched. */
export const changedNotification = "contrax/files/changed";

export interface FileParams {
  readonly uri: string;
}

/** A link to a folder, which may lead back to where one comes from, is something else. */
export type FileKind = "file" | "folder" | "other";

export interface FileEntry {
  readonly name: string;
  readonly kind: FileKind;
}

export interface FileStatus {
  readonly kind: FileKind;
  /** In bytes. */
  readonly size: number;
  /** Milliseconds since 1970; 0 where it is not known. */
  readonly modified: number;
}

export type FileContent =
  | { readonly base64: string }
  /** Why not: a clause. */
  | { readonly problem: string };

export interface NewFileParams extends FileParams {
  readonly base64: string;
}

export type { NewFileOutcome };
