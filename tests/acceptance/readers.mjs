// Prints what the Go library for HCL makes of Terraform files: one JSON document a line, in the order of the arguments.
import { createRequire } from "node:module";
import fs from "node:fs";

const [folder, ...files] = process.argv.slice(2);
const { parse } = createRequire(`${folder}/`)("@cdktf/hcl2json");
for (const file of files) console.log(JSON.stringify(await parse(file, fs.readFileSync(file, "utf8"))));
