/** Who acts in a story: a name, an address, and a signing key that is made in process. */
import { generateSshKey, type NewSshKey } from "@wingman/model";

export interface Person {
  readonly name: string;
  readonly email: string;
}

export interface KeyHolder extends Person {
  readonly key: NewSshKey;
  /** Their line of `.wingman/allowed_signers`, for Wingman's three namespaces. */
  readonly signersLine: string;
}

/** The people of the stories. */
export const mark: Person = { name: "Mark", email: "mark@acme.example" };
export const dana: Person = { name: "Dana", email: "dana@acme.example" };
export const alice: Person = { name: "Alice's bot", email: "alice-bot@acme.example" };

/** The same person with a new Ed25519 key. */
export function withKey(person: Person): KeyHolder {
  const key = generateSshKey(person.email);
  const namespaces = "git,wingman-approval,wingman-order";
  return {
    ...person,
    key,
    signersLine: `${person.email} namespaces="${namespaces}" ${key.publicLine}`,
  };
}
