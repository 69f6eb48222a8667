// The part of @vscode/spdlog that the VS Code server uses: a logger that appends lines to a file. Its names are
// assigned one by one because the server imports them by name.
const { appendFileSync, mkdirSync } = require("node:fs");
const { dirname } = require("node:path");

const nothing = () => {};

class Logger {
  constructor(file) {
    mkdirSync(dirname(file), { recursive: true });
    for (const level of ["trace", "debug", "info", "warn", "error", "critical"]) {
      this[level] = (message) => appendFileSync(file, `[${level}] ${message}\n`);
    }
  }
  getLevel() {
    return 0;
  }
}
for (const method of ["setLevel", "setPattern", "clearFormatters", "flush", "drop"]) Logger.prototype[method] = nothing;

const create = async (_name, file) => new Logger(file);

exports.version = 0;
exports.setLevel = nothing;
exports.setFlushOn = nothing;
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
