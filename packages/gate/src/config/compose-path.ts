/** Which files are compose files, by name alone: what is in them is asked only then. */
import { foldPath, type RepoPath } from "@wingman/model";

/** `compose.yaml`, `docker-compose.prod.yml`, `compose.override.yaml`, in any case. */
export function isComposePath(path: RepoPath): boolean {
  const name = foldPath(path.slice(path.lastIndexOf("/") + 1));
  return /^(?:docker-?|podman-|container-)?compose(?:[._-][\w.-]{1,100})?\.ya?ml$/.test(name);
}
