#!/usr/bin/env node
// Stands in for node-gyp when prebuildify builds: its arguments say which Node to build for, which Node-API makes moot.
// prebuildify moves the binary away from where it ran this; that is a folder of its own, so the local build stays.
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAddon } from '../native/build.mjs';

buildAddon();
const binary = fileURLToPath(new URL('../build/Release/rockstate.node', import.meta.url));
const target = join(process.cwd(), 'build', 'Release');
mkdirSync(target, { recursive: true });
cpSync(binary, join(target, 'rockstate.node'));
