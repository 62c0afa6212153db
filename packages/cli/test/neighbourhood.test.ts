import { expect, test } from "vitest";
import { neighbourhood } from "../src/neighbourhood.ts";

const PATH = ["/usr/local/bin", "/usr/bin", "/bin", "/home/git/.nvm/bin", "/opt/node/bin"];

test.each([
  ["/srv/git/shop.git", "/srv/git"],
  ["/var/opt/gitlab/git-data/repositories/ab/cd.git", "/var/opt"],
  ["/data/repos/shop/.git", "/data"],
  ["/home/git/repositories/acme/shop.git", "/home/git/repositories"],
  ["/home/git/.nvm/shop", "/home/git/.nvm/shop"],
  ["/opt/node/shop", "/opt/node/shop"],
  ["/opt/shop", "/opt/shop"],
  ["/usr/local/src/shop", "/usr/local/src"],
  ["/tmp/shop", "/tmp/shop"],
  ["/shop", "/shop"],
  ["/workspaces/shop", "/workspaces"],
])("around %s: %s", (place, widest) => {
  expect(neighbourhood(place, PATH)).toBe(widest);
});

test("a command that is named by its whole path stays to be seen", () => {
  expect(neighbourhood("/data/repos/shop", [...PATH, "/data/tools/run-tests"])).toBe("/data/repos");
});
