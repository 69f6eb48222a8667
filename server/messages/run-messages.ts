/** The notification of what a person sees, whenever that changes. */
export const visibleNotification = "contrax/visible";

export interface VisibleParams {
  /** Of the documents that are seen, the one with the cursor first. */
  readonly uris: readonly string[];
}

/**
 * The server's command that analyses all models below the workspace's folders; its arguments are the URIs of other folders.
 * Its answer is the report as Markdown; null where there is no folder.
 */
export const checkWorkspaceCommand = "contrax.checkWorkspace";
