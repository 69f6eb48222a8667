import { unreachable } from "../files/reachable-files.ts";
import type { AnalysisWorker, Host } from "../host.ts";
import type { FromWorker, ToWorker } from "../runs/jobs.ts";

/** What the analysis thread in a browser is sent: a job, or the id of the one to cancel. */
export type ToBrowserWorker = ToWorker | { readonly cancel: number };

/** A browser has no disk. */
export function browserHost(): Host {
  return {
    ...unreachable,
    isOnDisk: () => false,
    startWorker,
    after(milliseconds, action) {
      const timer = setTimeout(action, milliseconds);
      return { dispose: () => clearTimeout(timer) };
    },
  };
}

/** The module browser-worker.js beside this one. */
function startWorker(): AnalysisWorker {
  // From a page of another origin a script may be imported, but no worker be started.
  const module = JSON.stringify(new URL("./browser-worker.js", import.meta.url).href);
  const source = URL.createObjectURL(new Blob([`import ${module};`], { type: "text/javascript" }));
  const worker = new Worker(source, { type: "module" });
  const send = (message: ToBrowserWorker) => worker.postMessage(message);
  return {
    post: send,
    cancel: (job) => send({ cancel: job }),
    onMessage(handler) {
      worker.onmessage = ({ data }: MessageEvent<FromWorker>) => handler(data);
    },
    onCrash(handler) {
      worker.onerror = (event) => {
        event.preventDefault();
        worker.terminate();
        handler(event.message || "its module cannot be loaded");
      };
    },
    terminate() {
      worker.terminate();
      URL.revokeObjectURL(source);
    },
  };
}
