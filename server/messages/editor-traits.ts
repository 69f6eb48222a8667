/** What an editor may say of itself in `initializationOptions`, beside its settings. */
export interface EditorTraits {
  /** False in a folder that nobody has vouched for: no weight file is written there. Absent where an editor knows no trust. */
  readonly trusted?: boolean;
  /** Whether it has the command `compareCommand`. */
  readonly compares?: boolean;
  /** Whether it answers the requests of file-messages.ts. */
  readonly files?: boolean;
  /** Whether it shows the report that `checkWorkspaceCommand` answers with. */
  readonly showsReports?: boolean;
  /** Whether it has the command `openPreviewCommand` and is told when previews may have changed. */
  readonly previews?: boolean;
  /** Whether it is told where analyses stand, by `statusNotification`. */
  readonly showsStatus?: boolean;
}

/** The notification that the folder is trusted from now on. */
export const trustNotification = "contrax/trustGranted";
