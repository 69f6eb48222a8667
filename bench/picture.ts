import { readFileSync, writeFileSync } from "node:fs";
import { tableOf, withTable } from "./repair-page.ts";
import { plane } from "./repair-plane.ts";
import { picture } from "./repair-svg.ts";

const page = "docs/repair.md";
const found = plane();
writeFileSync("docs/images/least-change.svg", picture(found));
writeFileSync(page, withTable(readFileSync(page, "utf8"), tableOf(found)));
