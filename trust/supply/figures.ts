import { installedWith } from "./closure.js";
import { type Manifest, nameOf, type PackageFolder, type Requests } from "./package-folder.js";
import { type Size, sizeOf, type Upkeep, upkeepOf } from "./registry.js";

/** Why a package.json asks for a package. */
export type Kind = "dependency" | "peer" | "development";

/** What was measured of a package that is asked for. */
export interface Figures extends Upkeep {
  readonly name: string;
  /** The day of the measurement. */
  readonly date: string;
  /** The folder whose package.json asks for it. */
  readonly folder: string;
  readonly kind: Kind;
  readonly version: string;
  readonly licence: string;
  readonly size: Size;
  /** The packages that are installed with it, itself left out, with their sizes where these are looked at. */
  readonly brings: readonly { readonly name: string; readonly version: string; readonly unpacked?: number }[];
  /** Those that have an install script, of it and of what it brings. */
  readonly scripts: readonly string[];
}

/** The packages that a folder's package.json asks for, once each: what users get before what developers do. */
export function requested({ path, manifest }: PackageFolder): { name: string; kind: Kind }[] {
  const { dependencies = {}, peerDependencies = {}, devDependencies = {} }: Manifest = manifest;
  // the folders of tests and benchmarks take some packages of the root's, which they name as peers
  if (path !== ".") return names(dependencies).map((name) => ({ name, kind: "development" }));
  return [
    ...names(dependencies).map((name) => ({ name, kind: "dependency" as const })),
    ...names(peerDependencies).map((name) => ({ name, kind: "peer" as const })),
    ...names(devDependencies)
      .filter((name) => !(name in peerDependencies))
      .map((name) => ({ name, kind: "development" as const })),
  ];
}

function names(requests: Requests): string[] {
  return Object.keys(requests).sort();
}

/** Asks the registry for everything of one package. */
export function measure(name: string, kind: Kind, { path, lock }: PackageFolder, today: Date): Figures {
  const folders = installedWith(name, lock);
  const [own, ...brought] = folders.map((where) => ({ name: nameOf(where), entry: lock.packages[where]! }));
  const version = own!.entry.version!;
  return {
    name,
    date: today.toISOString().slice(0, 10),
    folder: path,
    kind,
    version,
    licence: own!.entry.license!,
    size: sizeOf(name, version),
    brings: brought.map((other) => ({
      name: other.name,
      version: other.entry.version!,
      ...(kind === "development" ? {} : { unpacked: sizeOf(other.name, other.entry.version!).unpacked }),
    })),
    scripts: [own!, ...brought].filter(({ entry }) => entry.hasInstallScript).map((other) => other.name),
    ...upkeepOf(name, today),
  };
}
