import { NOT_NEEDED } from "./install-scripts.js";
import { isAllowed } from "./licences.js";
import {
  type Entry,
  installedPackages,
  type Manifest,
  nameOf,
  type PackageFolder,
  type Requests,
} from "./package-folder.js";

const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;
const RANGE = /^(\*|(\^|>=)?\d+(\.\d+){0,2})$/;
/** The scripts of a package that npm runs where somebody installs it. */
const INSTALL_SCRIPTS = ["preinstall", "install", "postinstall"];
const SHA512 = /^sha512-[A-Za-z0-9+/]{86}==$/;

/** What is wrong with the packages that a folder asks for, and with its lock file; nothing, if all is as it should be. */
export function faultsOf(folder: PackageFolder): string[] {
  const { path, manifest, lock } = folder;
  const faults = [
    ...(lock.lockfileVersion === 3 ? [] : [`lockfileVersion: expected 3, got ${lock.lockfileVersion}`]),
    ...requestFaults(manifest),
    ...INSTALL_SCRIPTS.filter((name) => manifest.scripts?.[name] !== undefined).map(
      (name) => `expected no script "${name}", which would run when it is installed`,
    ),
    ...projectFaults(manifest, lock.packages[""]),
    ...installedPackages(folder).flatMap(([where, entry]) =>
      entryFaults(nameOf(where), entry).map((fault) => `${where}: ${fault}`),
    ),
  ];
  return faults.map((fault) => `${path}: ${fault}`);
}

/** Everything that is installed is asked for by exact version, and everything comes from a registry. */
function requestFaults({ dependencies, devDependencies, peerDependencies }: Manifest): string[] {
  const wrong = (requests: Requests = {}, pattern: RegExp, expected: string): string[] =>
    Object.entries(requests)
      .filter(([, request]) => !pattern.test(request))
      .map(([name, request]) => `${name}: expected ${expected}, got ${request}`);
  return [
    ...wrong({ ...dependencies, ...devDependencies }, EXACT, "one exact version"),
    ...wrong(peerDependencies, RANGE, "a range of versions"),
  ];
}

/** The lock file is of this package.json. */
function projectFaults(manifest: Manifest, project: Entry | undefined): string[] {
  const sorted = (requests: Requests = {}): string => JSON.stringify(Object.entries(requests).sort());
  return (["dependencies", "devDependencies"] as const)
    .filter((kind) => sorted(manifest[kind]) !== sorted(project?.[kind]))
    .map((kind) => `${kind}: expected the lock file to have those of package.json; run npm install`);
}

function entryFaults(name: string, entry: Entry): string[] {
  const { version = "", integrity = "", resolved, link, license, hasInstallScript } = entry;
  return [
    ...(EXACT.test(version) ? [] : [`expected a version, got "${version}"`]),
    ...(SHA512.test(integrity) ? [] : [`expected a SHA-512 as integrity, got "${integrity}"`]),
    ...(resolved === undefined ? [] : [`expected no address, got ${resolved}`]),
    ...(link ? ["expected a package of a registry, got a link"] : []),
    ...(isAllowed(license) ? [] : [`expected licences of the list, got ${license}`]),
    ...(hasInstallScript && !(name in NOT_NEEDED) ? ["has an install script that may be needed"] : []),
  ];
}

/** The packages with an install script, once each, by name. */
export function withInstallScript(folder: PackageFolder): string[] {
  const names = installedPackages(folder)
    .filter(([, entry]) => entry.hasInstallScript)
    .map(([where]) => nameOf(where));
  return [...new Set(names)].sort();
}
