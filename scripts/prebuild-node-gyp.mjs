#!/usr/bin/env node
// Stands in for node-gyp when prebuildify builds: its arguments say which Node to build for, which Node-API makes moot.
import { buildAddon } from '../native/build.mjs';

buildAddon();
