#!/usr/bin/env node
import { ensureWorkspace, startTypeScript } from './workspace.js';

ensureWorkspace();
startTypeScript('packages/cli/src/main.ts', process.argv.slice(2));
