/** What a shell expects of a program that Ctrl+C (signal 2) has ended. */
export const interruptedStatus = 130;

/** Ctrl+C asks the analysis to end; what does not (waiting for standard input) is ended. A second one ends all. */
export function onInterrupt() {
  const controller = new AbortController();
  let patience: NodeJS.Timeout | undefined;
  const abort = () => {
    controller.abort();
    patience = setTimeout(() => process.exit(interruptedStatus), 250);
  };
  process.once("SIGINT", abort);
  return {
    signal: controller.signal,
    release() {
      process.off("SIGINT", abort);
      clearTimeout(patience);
    },
  };
}
