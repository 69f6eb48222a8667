import { codes, loadFailure } from "../../weights/failure.ts";
import type { Files, Host } from "../host.ts";

/** A host whose files are on its own disk or, where they are not, with the editor; `editor` is null for one that hands none over. */
export function withEditorFiles(host: Host, editor: Files | null): Host {
  const at = (uri: string): Files => (host.isOnDisk(uri) ? host : (editor ?? unreachable));
  return {
    isOnDisk: (uri) => host.isOnDisk(uri),
    startWorker: () => host.startWorker(),
    after: (milliseconds, action) => host.after(milliseconds, action),
    stamp: (uri) => at(uri).stamp(uri),
    readWeightFile: (uri, file) => at(uri).readWeightFile(uri, file),
    listFiles: (uri) => at(uri).listFiles(uri),
    writeNewFile: (uri, bytes) => at(uri).writeNewFile(uri, bytes),
    removeFile: (uri) => at(uri).removeFile(uri),
    watch: (uri, changed) => at(uri).watch(uri, changed),
    findModels: (folder, isCancelled) => at(folder).findModels(folder, isCancelled),
    readModel: (uri) => at(uri).readModel(uri),
  };
}

/** Of folders that are on no disk, in an editor that hands no files over. */
export const unreachable: Files = {
  stamp: async () => null,
  readWeightFile: async (_, file) =>
    loadFailure(
      codes.unreadable,
      file,
      null,
      "cannot be read: the folder is on no disk, and this editor hands no files over",
    ),
  listFiles: async () => [],
  writeNewFile: async () => ({ kind: "failed", reason: "the folder is on no disk, and this editor takes no files" }),
  removeFile: async () => false,
  watch: () => ({ dispose() {} }),
  findModels: async () => ({ files: [], isComplete: false }),
  readModel: async () => ({
    kind: "unreadable",
    problem: "cannot be read: the folder is on no disk, and this editor hands no files over",
  }),
};
