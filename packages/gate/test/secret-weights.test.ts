/** How sure the scanner is of one and the same value under other names and in other places. */
import { expect, test } from "vitest";
import { scanBytes } from "../src/secrets/scanner.ts";
import { fill } from "./secret-cases/row-cases.ts";

const joined = (...parts: string[]): string => parts.join("");
// What people choose and print, in halves: none of it stands here as it is used.
const OWN = joined("wel", "come1");
const STRONG = joined("Oradoc", "_db1");
const JOKE = joined("T0pS", "3cr3t");
const EVERYBODYS = joined("minio", "123");
const ALPHABET = joined("abcdefghijklmnop", "qrstuvwxyz", "123456");
const HALF = joined("abcdef1234567890", "abcdef1234567890");
const VAGRANT = joined("6NF8iallvQVp22WDkTky", "rtvp9eWW6A8YVr");

const PEM = fill("<pem>", "weights");
const published = PEM.replace(/(?<=KEY-----\n.{20}).{34}/, VAGRANT);

async function surest(text: string, path: string): Promise<string> {
  const found = (await scanBytes(Buffer.from(`${text}\n`), { path })).map((hit) => hit.confidence);
  return ["high", "medium", "low"].find((one) => found.includes(one as "high")) ?? "none";
}

test.each([
  // A chosen password: code and configuration, documents, tests, jobs of continuous integration.
  ["config/app.yml", `password: ${OWN}`, "high"],
  ["README.md", `password: ${OWN}`, "high"],
  ["README.md", `password: ${STRONG}`, "high"],
  ["README.md", `password: ${EVERYBODYS}`, "medium"],
  ["config/app.yml", `password: ${JOKE}`, "medium"],
  ["test/app_test.go", `password: "${STRONG}"`, "medium"],
  [".github/workflows/test.yml", `SA_PASSWORD: ${STRONG}`, "medium"],
  // Its letters say nothing, its name says all.
  ["src/app.py", `api_token = "${fill("<uuid>", "w")}"`, "high"],
  ["tests/test_app.py", `api_token = "${fill("<uuid>", "w")}"`, "medium"],
  ["src/app.py", `request_id = "${fill("<uuid>", "w")}"`, "none"],
  ["src/app.py", `clay_api_key = "${fill("<h20>", "w")}"`, "high"],
  ["tests/test_app.py", `token = "${fill("<h40>", "w")}"`, "high"],
  ["tests/test_app.py", `secret_key = "${fill("<h40>", "w")}"`, "medium"],
  ["tests/test_app.py", `test_token = "${fill("<w40>", "w")}"`, "medium"],
  ["tests/test_app.py", `other_token = "${fill("<w40>", "w")}"`, "high"],
  // Half an alphabet may be a key; the whole one is nobody's.
  ["src/app.py", `api_key = "${HALF}"`, "high"],
  ["src/app.py", `api_key = "${ALPHABET}"`, "medium"],
  ["tests/test_app.py", `api_key = "${HALF}"`, "low"],
  ["notes.txt", `bannerbear SECRET ${fill("<w32>", "w")}`, "high"],
  // Private keys: everywhere, but for those that say that they are made.
  ["certs/server.key", PEM, "high"],
  ["test/certs/server.key", PEM, "high"],
  ["testdata/example.key", PEM, "medium"],
  ["etc/ssl/ssl-cert-snakeoil.key", PEM, "medium"],
  ["keys/vagrant", published, "medium"],
  ["src/Pay.php", `$key = '${fill("<der>", "w")}';`, "high"],
  ["tests/PayTest.php", `$key = '${fill("<der>", "w")}';`, "medium"],
  // An address of an image that is signed for five minutes.
  [
    "README.md",
    `![](https://private-user-images.githubusercontent.com/1/2.png?jwt=${fill("<jwt>", "w")})`,
    "none",
  ],
])("%#: %s", async (path, text, expected) => {
  expect(await surest(text, path)).toBe(expected);
});
