// Serves VS Code's workbench as a page by itself: no server of VS Code's stands behind it, so that extensions run in the
// browser, and files are in a virtual folder.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { vscodeServer } from "./install.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const virtualFolder = fileURLToPath(new URL("virtual-folder", import.meta.url));
const workbench = "/vscode/out/vs/code/browser/workbench/workbench.js";

const types = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};

/**
 * @param {string} folder what the virtual folder holds
 * @param {object} settings
 * @returns its `origin`, the `url` of the workbench with a file of the folder open, and `stop()`
 */
export async function serveWorkbench(folder, settings) {
  /** What each path begins with. */
  const places = { "/vscode/": vscodeServer, "/contrax/": root, "/virtual-folder/": virtualFolder };
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://localhost");
    const send = (status, type, body) => response.writeHead(status, { "content-type": type }).end(body);
    try {
      if (pathname === "/") return send(200, "text/html", page(request.headers.host, settings));
      if (pathname.startsWith("/files/")) {
        const file = path.join(folder, decodeURIComponent(pathname.slice("/files/".length)));
        const [status, answer] = await serveFile(folder, file, request, searchParams);
        return send(status, "application/octet-stream", answer);
      }
      const place = Object.keys(places).find((start) => pathname.startsWith(start));
      const file = place && path.join(places[place], pathname.slice(place.length));
      if (!file || !existsSync(file)) return send(404, "text/plain", "");
      const content = readFileSync(file);
      return send(200, types[path.extname(file)] ?? "application/octet-stream", patched(pathname, content));
    } catch (error) {
      send(500, "text/plain", String(error));
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    url: (file) => {
      const payload = JSON.stringify([["openFile", `vscode-vfs://test/${file}`]]);
      return `${origin}/?${new URLSearchParams({ folder: "vscode-vfs://test/", payload })}`;
    },
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

function page(host, settings) {
  const extension = (folder) => ({ scheme: "http", authority: host, path: folder });
  const configuration = {
    additionalBuiltinExtensions: [extension("/contrax"), extension("/virtual-folder")],
    configurationDefaults: settings,
    productConfiguration: { enableTelemetry: false },
    // What code-server's workbench asks for.
    userDataPath: "/",
    isEnabledFileDownloads: false,
    isEnabledFileUploads: false,
    isEnabledCoderGettingStarted: false,
  };
  const values = {
    WORKBENCH_WEB_CONFIGURATION: JSON.stringify(configuration).replaceAll("&", "&amp;").replaceAll('"', "&quot;"),
    WORKBENCH_AUTH_SESSION: "",
    WORKBENCH_WEB_BASE_URL: "/vscode",
    WORKBENCH_NLS_FALLBACK_URL: "/vscode/out/nls.messages.js",
    WORKBENCH_NLS_URL: "/vscode/out/nls.messages.js",
    VS_BASE: "",
    BASE: "",
  };
  const html = readFileSync(path.join(vscodeServer, "out/vs/code/browser/workbench/workbench.html"), "utf8");
  return html.replace(/\{\{(\w+)\}\}/g, (_, name) => values[name]);
}

/** Takes back what code-server has changed in the workbench: that there is a server, and that settings are kept there. */
function patched(pathname, content) {
  if (pathname !== workbench) return content;
  return [
    [",remoteAuthority:location.host}", "}"],
    [/with\(\{scheme:(\w+)\.vscodeRemote\}\),"User"/, 'with({scheme:$1.vscodeUserData}),"User"'],
  ].reduce((text, [before, after]) => {
    const changed = text.replace(before, after);
    if (changed === text) throw new Error(`the workbench holds no ${before}`);
    return changed;
  }, content.toString());
}

/** @returns the status and the body of the answer */
async function serveFile(folder, file, request, query) {
  const what = query.get("what");
  if (request.method === "PUT") {
    if (what === "folder") mkdirSync(file);
    else writeFileSync(file, await buffer(request));
    return [204, undefined];
  }
  if (what === "changes") return [200, JSON.stringify(changes(folder))];
  const status = statSync(file, { throwIfNoEntry: false });
  if (!status) return [404, ""];
  if (request.method === "DELETE") {
    rmSync(file, { recursive: true });
    return [204, undefined];
  }
  if (request.method === "POST") {
    const target = path.join(folder, query.get("to"));
    if (query.get("overwrite") !== "true" && existsSync(target)) return [409, ""];
    renameSync(file, target);
    return [204, undefined];
  }
  const kind = (one) => (one.isDirectory() ? 2 : 1);
  if (what === "status") {
    const { size, mtimeMs, ctimeMs } = status;
    return [200, JSON.stringify({ type: kind(status), size, mtime: mtimeMs, ctime: ctimeMs })];
  }
  if (what === "entries") {
    return [200, JSON.stringify(readdirSync(file, { withFileTypes: true }).map((one) => [one.name, kind(one)]))];
  }
  return [200, readFileSync(file)];
}

/** When each file has changed, by its path in the virtual folder. */
function changes(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const file = path.join(parentPath, name);
      return [`/${path.relative(folder, file).replaceAll("\\", "/")}`, statSync(file).mtimeMs];
    }),
  );
}
