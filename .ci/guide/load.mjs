// Loads a packed guide (node load.mjs GUIDE.tgz) with fhir-package-loader, which SUSHI and others load packages with.
// Exit status 1 where it doesn't find every resource of the package.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const { BasePackageLoader, DiskBasedPackageCache, LoadStatus, createSQLJSPackageDB } = createRequire(import.meta.url)('fhir-package-loader');

const archive = resolve(process.argv[2]);
const cache = mkdtempSync(join(tmpdir(), 'fhir-iop-load-'));
const log = (level, message) => { if (level === 'error') console.error(message); };
// The cache has all there is: a version is what was asked for, and nothing is fetched.
const nowhere = { resolveVersion: async (_, version) => version };
try {
  const manifest = JSON.parse(execFileSync('tar', ['-xzOf', archive, 'package/package.json']));
  const folder = join(cache, `${manifest.name}#${manifest.version}`);
  mkdirSync(folder);
  execFileSync('tar', ['-xzf', archive, '-C', folder]);
  const database = await createSQLJSPackageDB();
  const loader = new BasePackageLoader(database, new DiskBasedPackageCache(cache, { log }), nowhere, nowhere, { log });
  const status = await loader.loadPackage(manifest.name, manifest.version);
  const found = new Set(loader.findResourceInfos('*').map(each => `${each.resourceType}-${each.id}.json`));
  const held = readdirSync(join(folder, 'package')).filter(file => /^[A-Z].*\.json$/.test(file));
  const missing = held.filter(file => !found.has(file));
  for (const file of missing) console.error(`not found: ${file}`);
  const profile = loader.findResourceJSON(`${manifest.canonical}/StructureDefinition/iop-medication-request`, { type: ['Profile'] });
  console.log(`${status}: ${held.length - missing.length} of ${held.length} resources found`);
  process.exitCode = status === LoadStatus.LOADED && !missing.length && profile ? 0 : 1;
} finally {
  rmSync(cache, { recursive: true, force: true });
}
