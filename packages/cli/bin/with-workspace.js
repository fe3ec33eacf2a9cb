#!/usr/bin/env node
// Starts a script of `scripts/` in the installed workspace: node packages/cli/bin/with-workspace.js scripts/test.ts
import { ensureWorkspace, startTypeScript } from './workspace.js';

const [file, ...args] = process.argv.slice(2);
ensureWorkspace();
startTypeScript(file, args);
