import * as vscode from "vscode";

/** The document of the page: it runs one script, by its nonce, and one style sheet; it reaches nothing else. */
export function pageHtml(webview: vscode.Webview, extensionUri: vscode.Uri): string {
  const at = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, "dist/client", file)).toString();
  const nonce = freshNonce();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${at("preview-style.css")}">
<title>Preview</title>
</head>
<body>
<script nonce="${nonce}" src="${at("preview.js")}"></script>
</body>
</html>`;
}

function freshNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
