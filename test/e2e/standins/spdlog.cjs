// The part of @vscode/spdlog that the VS Code server uses: a logger that appends lines to a file.
const { appendFileSync } = require("node:fs");

const levels = ["trace", "debug", "info", "warn", "error", "critical"];

class Logger {
  constructor(_kind, _name, file) {
    for (const level of levels) this[level] = (message) => appendFileSync(file, `[${level}] ${message}\n`);
  }
  getLevel() {
    return 0;
  }
  setLevel() {}
  setPattern() {}
  clearFormatters() {}
  flush() {}
  drop() {}
}

const create = async (name, file) => new Logger("rotating", name, file);

module.exports = {
  version: 0,
  setLevel() {},
  setFlushOn() {},
  Logger,
  createRotatingLogger: create,
  createAsyncRotatingLogger: create,
};
