import type { Connection, WorkDoneProgressServerReporter } from "vscode-languageserver";
import type { Disposable, Host } from "./host.ts";

/** A progress that would be over at once is not shown: it would only flicker. */
const progressDelay = 300;

export interface Progress {
  /** @param percentage of what is done, where that is known */
  report(message: string, percentage?: number): void;
  done(): void;
}

/** A progress with a Cancel, from the time on when it is worth looking at. */
export function showProgress(
  connection: Connection,
  host: Host,
  title: string,
  cancel: () => void,
  percentage?: number,
): Progress {
  let reporter: WorkDoneProgressServerReporter | null = null;
  let latest: string | undefined;
  let over = false;
  const delay: Disposable = host.after(progressDelay, () => {
    const show = (created: WorkDoneProgressServerReporter) => {
      if (over) return;
      reporter = created;
      created.begin(title, percentage, latest, true);
      created.token.onCancellationRequested(cancel);
    };
    connection.window.createWorkDoneProgress().then(show, () => {});
  });
  return {
    report(message, done) {
      latest = message;
      percentage = done ?? percentage;
      if (done === undefined) reporter?.report(message);
      else reporter?.report(done, message);
    },
    done() {
      over = true;
      delay.dispose();
      reporter?.done();
    },
  };
}
