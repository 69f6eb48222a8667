// A file system as virtual workspaces have one: the folder of web-workbench.mjs, behind its web server.
const vscode = require("vscode");

exports.activate = ({ extensionUri, subscriptions }) => {
  const files = extensionUri.with({ path: "/files" });
  const changed = new vscode.EventEmitter();
  const ask = async (uri, query = {}, init = {}) => {
    const address = vscode.Uri.joinPath(files, uri.path).with({ query: new URLSearchParams(query).toString() });
    const answer = await fetch(address.toString(true), init);
    if (answer.status === 404) throw vscode.FileSystemError.FileNotFound(uri);
    if (answer.status === 409) throw vscode.FileSystemError.FileExists(uri);
    if (!answer.ok) throw vscode.FileSystemError.Unavailable(uri);
    return answer;
  };
  const provider = {
    onDidChangeFile: changed.event,
    watch: () => ({ dispose() {} }),
    stat: async (uri) => (await ask(uri, { what: "status" })).json(),
    readDirectory: async (uri) => (await ask(uri, { what: "entries" })).json(),
    readFile: async (uri) => new Uint8Array(await (await ask(uri)).arrayBuffer()),
    createDirectory: (uri) => ask(uri, { what: "folder" }, { method: "PUT" }),
    writeFile: (uri, body) => ask(uri, {}, { method: "PUT", body }),
    delete: (uri) => ask(uri, {}, { method: "DELETE" }),
    rename: (from, to, { overwrite }) => ask(from, { to: to.path, overwrite }, { method: "POST" }),
  };
  // Whoever changes a file: it is looked at, as remote file systems often have to.
  const root = vscode.Uri.parse("vscode-vfs://test/");
  let known = null;
  const look = async () => {
    const now = await (await ask(root, { what: "changes" })).json();
    const types = vscode.FileChangeType;
    const events = [
      ...Object.keys(now).flatMap((path) => {
        if (known === null || known[path] === now[path]) return [];
        return [{ type: path in known ? types.Changed : types.Created, uri: root.with({ path }) }];
      }),
      ...Object.keys(known ?? {}).flatMap((path) =>
        path in now ? [] : [{ type: types.Deleted, uri: root.with({ path }) }],
      ),
    ];
    known = now;
    if (events.length > 0) changed.fire(events);
  };
  const timer = setInterval(() => look().catch(() => {}), 300);
  subscriptions.push(
    { dispose: () => clearInterval(timer) },
    vscode.workspace.registerFileSystemProvider("vscode-vfs", provider, { isCaseSensitive: true }),
  );
};
