import type { FromPage, PageState } from "../messages.ts";

/** What VS Code gives a page, once. */
declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): PageState | undefined;
  setState(state: PageState): void;
};

const api = acquireVsCodeApi();

export function tell(message: FromPage): void {
  api.postMessage(message);
}

export function storedState(): PageState | null {
  return api.getState() ?? null;
}

export function store(state: PageState): void {
  api.setState(state);
}
